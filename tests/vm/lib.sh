# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the scripts that make guests share. $tree is the guest's root folder in the making.

# The check of the timer counts ten ticks within a time that a busy host may let nobody run,
# and its failure is a panic.
# shellcheck disable=SC2034
kernel_words="console=ttyS0 quiet panic=-1 mitigations=off no_timer_check"

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

# A file of Debian's NUT (tests/clients/debian-nut) or its libraries, and what it is linked
# with, which may lie in the unpacked folder.
nut_libraries=/usr/lib/x86_64-linux-gnu
install_nut() { # FOLDER SOURCE TARGET
	install -D "$2" "$tree$3"
	path=$(find "$1/root" -name '*.so*' -printf '%h\n' | sort -u | tr '\n' ':')
	LD_LIBRARY_PATH=$path ldd "$2" | grep -o '/[^ ]*' | while read -r library; do
		case $library in
		"$1"/*) install -D "$library" "$tree$nut_libraries/${library##*/}" ;;
		*) [ -e "$tree$library" ] || install -D "$library" "$tree$library" ;;
		esac
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
		out/out publish/publish mqtt/mqtt sim/sim cli/holdup cli/cli-server; do
		[ ! -x "$build/$program" ] ||
			install_program "$build/$program" "$1/${program#*/}"
	done
	for name in upsc upscmd upsrw upsmon upsdrvctl; do
		ln -sf holdup "$tree$1/$name"
	done
}

# A guest that plugs virtual UPSes in by USB/IP and has both drivers for them: ours, and
# Debian's as /nut/usbhid-ups when it is to be had. $root, $build and $vm are the usual ones.
begin_usbip_tree() { # TEST-SCRIPT
	"$root/tests/vm/kernel" "$vm/kernel" >/dev/null
	begin_tree "$vm/kernel" "$root/tests/vm/init"
	install -D "$root/tests/vm/guest/lib.sh" "$tree/tests/lib.sh"
	install "$1" "$tree/tests/10_usbip.sh"
	cp -r "$root/tests/article" "$tree/article"
	${CC:-cc} -D_GNU_SOURCE -O1 -o "$vm/attach" "$root/tests/vm/attach.c"
	install_program "$vm/attach" /holdup/attach
	install_ours /holdup
	nut=$build/debian-nut
	if "$root/tests/clients/debian-nut" "$nut" 2>"$vm/nut.log"; then
		install_nut "$nut" "$nut/root/lib/nut/usbhid-ups" /nut/usbhid-ups
	else
		echo "SKIP usbip:nut $(tail -n 1 "$vm/nut.log")"
	fi
}

# A Debian with systemd as the house knows it, in $tree; its kernel and what goes over to its
# disk beside it, as debian.gz. $here, $build and $vm are the usual ones.
begin_debian() {
	debian=$tree
	tree=$vm/debian-start
	begin_tree "$("$here/kernel" "$vm/kernel")" "$here/debian-start"
	pack_tree "$vm/debian.gz.$$"
	mv "$vm/debian.gz.$$" "$vm/debian.gz"
	tree=$debian
	rm -rf "$tree"
	cp -a "$vm/debian-base" "$tree"
	rm "$tree/complete"
	cp -r "$here/debian/." "$tree/"
	# What nobody needs here: each costs an emulated machine a second.
	for unit in getty@ serial-getty@ getty-static console-getty e2scrub_reap systemd-pcrphase \
		systemd-pcrphase-sysinit systemd-update-utmp systemd-update-utmp-runlevel \
		systemd-random-seed systemd-user-sessions systemd-journal-flush systemd-sysusers \
		systemd-machine-id-commit modprobe@ kmod-static-nodes systemd-binfmt \
		systemd-modules-load systemd-remount-fs systemd-pstore; do
		ln -sf /dev/null "$tree/etc/systemd/system/$unit.service"
	done
	for unit in timers.target dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount \
		sys-kernel-tracing.mount proc-sys-fs-binfmt_misc.automount; do
		ln -sf /dev/null "$tree/etc/systemd/system/$unit"
	done
	chroot "$tree" systemctl enable -q house.service commands.service
}

pack_tree() { # FILE
	(cd "$tree" && find . | cpio --quiet -o -H newc) | gzip -1 >"$1"
}

# Runs the guest to its end and prints what it said on its serial line.
boot() { # KERNEL-FOLDER INITRAMFS LOG SECONDS
	: >"$3"
	timeout -k 5 "$4" qemu-system-x86_64 -accel tcg -m 384 -smp 2 -nodefaults -no-reboot \
		-display none -serial "file:$3" -net none -kernel "$1/vmlinuz" -initrd "$2" \
		-append "$kernel_words" </dev/null >"$3.qemu" 2>&1 ||
		echo "qemu ended with status $?"
	tr -d '\r' <"$3"
	grep -q '^VM-END' "$3" || echo "FAIL vm the guest did not come to its end"
}
