#!/bin/sh
# Takes pictures of the window at 100 and 150 % on a screen in memory: pictures.sh
# KEYCONV.EXE KEY FOLDER, with WINE and WINEPREFIX set. It fails if a window does not get
# the size of its table, or stays empty.
set -eu
exe=$1 key=$2 folder=$3
server=$(dirname "$WINE")/wineserver64
[ -x "$server" ] || server=$(dirname "$WINE")/wineserver

screen=$(mktemp -d)
Xvfb -displayfd 3 -screen 0 2000x1900x24 3>"$screen/number" >/dev/null 2>&1 &
xvfb=$!
trap '"$server" -k 2>/dev/null || true; kill $xvfb 2>/dev/null || true; rm -rf "$screen"' EXIT
for _ in $(seq 600); do
	[ ! -s "$screen/number" ] || break
	sleep 0.1
done
DISPLAY=:$(cat "$screen/number")
export DISPLAY

set_value() { "$WINE" reg add "$1" /v "$2" /t "$3" /d "$4" /f </dev/null >/dev/null 2>&1; }

# The key is in a folder with a name as people have it.
downloads="$WINEPREFIX/drive_c/users/Public/Downloads"
mkdir -p "$downloads"
cp "$key" "$downloads/ecs.pem"

# picture PERCENT DPI FILE
picture() {
	set_value 'HKCU\Software\Wine\Drivers' Graphics REG_SZ x11
	set_value 'HKCU\Control Panel\Desktop' LogPixels REG_DWORD "$2"
	set_value 'HKCU\Control Panel\Desktop' FontSmoothing REG_SZ 2
	set_value 'HKCU\Control Panel\Desktop' FontSmoothingType REG_DWORD 1
	"$server" -k || true # what it has read before counts as long as it runs
	"$WINE" "$exe" gui 'C:\users\Public\Downloads\ecs.pem' </dev/null >/dev/null 2>&1 &
	rm -f "$screen/before.png"
	for _ in $(seq 180); do
		sleep 1
		import -window root "$screen/all.png"
		# Two pictures that are the same, of a window with text in it.
		if [ "$(identify -format %k "$screen/all.png")" -gt 60 ] && cmp -s "$screen/all.png" "$screen/before.png"; then
			break
		fi
		cp "$screen/all.png" "$screen/before.png"
	done
	"$server" -k || true
	convert "$screen/all.png" -trim +repage -strip +dither -colors 200 -define png:compression-level=9 "$3"
	size=$(identify -format %wx%h "$3")
	# That of the table, without a frame: there is no window manager.
	[ "$size" = "$((600 * $1 / 100))x$((556 * $1 / 100))" ] || {
		echo "pictures.sh: at $1 % the window is $size" >&2
		exit 1
	}
}

picture 100 96 "$folder/window.png"
picture 150 144 "$folder/window-150.png"
