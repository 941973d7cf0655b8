#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes a file's bytes as a C array: embed.py FILE NAME > NAME.c"""
import sys

path, name = sys.argv[1:]
data = open(path, "rb").read()
print("/* Made from %s by sim/embed.py. */" % path.rsplit("/", 1)[-1])
print("#include <stddef.h>\n\nextern const char %s[];\nextern const size_t %s_len;" % (name, name))
print("const size_t %s_len = %d;\nconst char %s[] = {" % (name, len(data), name))
for i in range(0, len(data), 16):
    print(" ".join("%d," % b for b in data[i : i + 16]))
print("};")
