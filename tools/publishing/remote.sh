# What a publishing does on the other computer, whose `sh` reads it from its standard input.
# Variables stand above, and a call comes last: where the connection breaks before that, nothing is done.

umask 022

# Print which release is online. Anything else of that name is not ours.
lectern_online() {
    if [ -L "$path/current" ]; then
        link=$(readlink "$path/current")
        case ${link#releases/} in
            "$link" | */* | '') exit 65 ;;
        esac
        printf '%s\n' "${link#releases/}"
    elif [ -e "$path/current" ]; then
        exit 65
    fi
}

lectern_expect() {
    online=$(lectern_online) || exit
    [ "$online" = "$expected" ] || exit 66
}

lectern_look() {
    online=$(lectern_online) || exit
    echo lectern
    printf 'online %s\n' "$online"
    [ -z "$online" ] || [ ! -d "$path/releases/$online" ] || echo there
    for note in "$path"/releases/*.json; do
        [ -f "$note" ] || continue
        name=${note##*/}
        # What was before stands at the end, and the rest is long.
        printf 'release %s %s\n' "${name%.json}" "$(tail -c 200 "$note" | tr '\n' ' ')"
    done
    echo note
    [ -z "$online" ] || cat "$path/releases/$online.json" 2>/dev/null
    exit 0
}

lectern_prepare() {
    command -v rsync >/dev/null || exit 67
    lectern_expect
    mkdir -p "$path/releases" || exit 1
    rm -f "$path"/.current.*
    for left in "$path"/releases/*.lectern-part "$path"/releases/.gone.*; do
        [ -e "$left" ] || continue
        lectern_remove "$left"
    done
}

# A folder leaves its name first: what is half gone must not be taken for whole, here or by somebody else.
lectern_remove() {
    mv "$1" "$path/releases/.gone.$$" && rm -rf "$path/releases/.gone.$$"
}

lectern_put() {
    rm -f "$path/.current.$$"
    ln -s "releases/$1" "$path/.current.$$" || exit 1
    # GNU and busybox, BSD and macOS, and all that is older: each replaces the link itself, at one stroke.
    mv -T "$path/.current.$$" "$path/current" 2>/dev/null ||
        mv -h "$path/.current.$$" "$path/current" 2>/dev/null ||
        perl -e 'rename $ARGV[0], $ARGV[1] or die "$!\n"' "$path/.current.$$" "$path/current" || exit 1
}

lectern_switch() {
    lectern_expect
    [ ! -e "$path/releases/$name" ] || exit 68
    lectern_note >"$path/releases/$name.json.lectern-part" || exit 1
    mv "$path/releases/$name.json.lectern-part" "$path/releases/$name.json" || exit 1
    mv "$path/releases/$name.lectern-part" "$path/releases/$name" || exit 1
    lectern_put "$name"
}

lectern_drop() {
    [ ! -e "$path/releases/$1" ] || lectern_remove "$path/releases/$1"
    rm -f "$path/releases/$1.json"
}

lectern_back() {
    lectern_expect
    [ -d "$path/releases/$name" ] || exit 69
    lectern_put "$name"
}

