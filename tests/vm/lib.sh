# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the scripts that make guests share. $tree is the guest's root folder in the making.

unavailable() {
	echo "$*" >&2
	exit 77
}

need_tools() {
	for tool in qemu-system-x86_64 cpio busybox; do
		command -v $tool >/dev/null || unavailable "$tool is not installed"
	done
}

# Copies a program and the libraries that it is linked with.
install_program() { # SOURCE TARGET
	install -D "$1" "$tree$2"
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
		[ -e "$tree$library" ] || install -D "$library" "$tree$library"
	done
}

# An empty root folder with busybox, a kernel's modules and an init.
begin_tree() { # KERNEL-FOLDER INIT
	rm -rf "$tree"
	mkdir -p "$tree/modules" "$tree/bin" "$tree/etc"
	install "$(command -v busybox)" "$tree/bin/busybox"
	install "$2" "$tree/init"
	cp "$1"/modules/*.ko "$tree/modules/"
}

# Our programs, as far as they are built, into one folder of the guest.
install_ours() { # TARGET
	for program in holdupd/holdupd core/core hid/hid net/net remote/remote run/run \
		out/out out/publish sim/sim cli/holdup; do
		[ ! -x "$build/$program" ] ||
			install_program "$build/$program" "$1/${program#*/}"
	done
	for name in upsc upscmd upsrw upsmon upsdrvctl; do
		ln -sf holdup "$tree$1/$name"
	done
}

pack_tree() { # FILE
	(cd "$tree" && find . | cpio --quiet -o -H newc) | gzip -1 >"$1"
}
