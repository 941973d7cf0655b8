# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2086 # $nut_driver is several words
# Devices of /bodies/BATCH/VENDOR-PRODUCT-NAME.json, plugged in by USB/IP, a batch at a
# time, of which no two have the same ids, for Debian's usbhid-ups could not tell them
# apart. First `hid` drives them all by their hidraw nodes, then usbhid-ups one after the
# other by libusb. Prints `DEVICE NAME`, `OURS NAME VARIABLE: VALUE` and the same with NUT.
# Their time stands nearly still, so that both read the same; a story follows in which it
# does not.
. /tests/lib.sh
nut_driver='env NUT_STATEPATH=/tmp NUT_ALTPIDPATH=/tmp /nut/usbhid-ups -u root'
hub=/sys/devices/platform/vhci_hcd.0
bus=$(cat "$(grep -lx 480 $hub/usb*/speed | head -n 1 | xargs dirname)/busnum")

# plug FILE SOCKET [OPTION…]: exports a device and attaches it there.
plug() {
	body=$1 socket=$2
	shift 2
	begin "sim$socket" sim "--usbip=127.0.0.1:$((3240 + socket))" --body "$body" \
		--control "/tmp/ctl$socket" "$@"
	expect "plugged-$(name_of "$body")" wait_for 30 attach $((3240 + socket)) "$socket"
}

unplugged() { ! ls -d /sys/bus/usb/devices/"$bus"-[1-9]; }
served() { upsc "$1@127.0.0.1" driver.state 2>/dev/null | grep -qx quiet; }

# The parts of "051d-0002-name.json".
name_of() { basename "$1" .json | cut -d - -f 3-; }
ids_of() { basename "$1" | cut -d - -f 1,2 | tr - ' '; }

# What both drivers are to be told of a device, as options of ups.conf.
section() { # NAME VENDOR PRODUCT
	printf '[%s]\ndriver = usbhid-ups\nport = auto\nvendorid = %s\nproductid = %s\n' "$@"
}

configure() { # BATCH
	fresh
	echo MODE=netserver >/etc/nut/nut.conf
	: >/etc/nut/upsmon.conf
	echo 'LISTEN 127.0.0.1' >/etc/nut/upsd.conf
	for file in "$1"/*; do
		# shellcheck disable=SC2046 # two words
		section "$(name_of "$file")" $(ids_of "$file")
	done >/etc/nut/ups.conf
}

# usbhid-ups of 2.8.0 does not give the interface back to the kernel when it ends.
give_back() {
	for interface in /sys/bus/usb/devices/"$bus"-[1-9]:1.0; do
		[ -e "$interface/driver" ] || echo "${interface##*/}" >/sys/bus/usb/drivers/usbhid/bind
	done
}

# What both say of a batch.
beside() { # BATCH
	socket=0
	for file in "$1"/*; do
		echo "DEVICE $(name_of "$file")"
		plug "$file" $socket --speed 0.01
		socket=$((socket + 1))
	done
	begin holdupd holdupd -F
	holdupd=$!
	for file in "$1"/*; do
		ups=$(name_of "$file")
		case $ups in
		mec0003 | prolink-* | *-corrupt-read) ;; # not to be served, whoever waits
		*) expect "served-$ups" wait_for 60 served "$ups" ;;
		esac
		upsc "$ups@127.0.0.1" 2>/dev/null | sed "s/^/OURS $ups /"
	done
	kill "$holdupd"
	wait "$holdupd"
	[ -x /nut/usbhid-ups ] || return
	# pollfreq: everything is read again before it is printed, flags above all.
	for file in "$1"/*; do
		ups=$(name_of "$file")
		$nut_driver -a "$ups" -x pollfreq=-1 -d 1 2>/tmp/said | sed -n "s/^\([a-z][a-z.0-9]*: \)/NUT $ups \1/p"
		sed "s/^/NUT-SAYS $ups /" /tmp/said
	done
}

# One device, both drivers at once: who comes last has it, and who had it says so.
story() { # FILE
	ups=$(name_of "$1")
	status() { upsc "$ups@127.0.0.1" ups.status 2>&1 | grep -i "$1"; }
	steer() { NUT_STATEPATH=/tmp holdup sim "$@"; }
	plug "$1" 0 --control /tmp/sim.ctl
	begin holdupd holdupd -F
	expect usbip-served wait_for 60 served "$ups"
	expect usbip-busy sh -c 'attach 3240 1 2>&1 | grep "status 2"'
	steer unplug
	expect usbip-input-report wait_for 10 status '^OB'
	steer plug
	expect usbip-plug wait_for 20 status '^OL'
	steer usb-drop
	expect usbip-drop wait_for 30 status stale
	expect usbip-gone sh -c 'attach 3240 0 2>&1 | grep "status 4"'
	steer usb-back
	expect usbip-attached-again attach 3240 0
	expect usbip-back wait_for 30 status '^OL'

	# It answers nothing: opened anew, then reset; the driver hears of the rest meanwhile.
	steer stall 600
	expect usbip-resetting wait_for 120 grep -q 'resetting and reopening it' /tmp/holdupd.log
	steer stall 0
	expect usbip-reset wait_for 60 grep -q 'was reset on its bus' /tmp/holdupd.log
	expect usbip-well-again wait_for 60 status '^OL'
	expect usbip-driver-awake sh -c '! grep "does not answer core" /tmp/holdupd.log'

	[ -x /nut/usbhid-ups ] || return
	begin usbhid-ups $nut_driver -a "$ups" -F
	nut=$!
	expect usbip-taken-by-nut wait_for 30 sh -c '! ls /dev/hidraw*'
	expect usbip-stale wait_for 30 status stale
	expect usbip-taker-named wait_for 60 grep -q 'claimed the interface (usbfs): .*usbhid-ups' /tmp/holdupd.log
	kill "$nut"
	wait "$nut"
	give_back
	expect usbip-given-back wait_for 30 status '^OL'
}

for batch in /bodies/*; do
	configure "$batch"
	beside "$batch"
	fresh
	expect unplugged wait_for 30 unplugged
done
configure /story
story /story/*
fresh
