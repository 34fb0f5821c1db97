# The steps that ./run and ./test share; they source this file.

: "${root:?the path of the checkout}"
# Handed on to the scripts that these steps start, so that all count from the same moment.
export CARILLON_STEPS_STARTED=${CARILLON_STEPS_STARTED:-$EPOCHSECONDS}

# say WORDS...: what is done now, with the time since the start.
say() {
  printf '== %3ds  %s\n' "$((EPOCHSECONDS - CARILLON_STEPS_STARTED))" "$*"
}

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Whether this release has the package; apt-cache show also finds mere mentions.
is_known() {
  apt-cache policy "$1" 2>/dev/null | grep -q "Candidate: [^(]"
}

# missing_packages GROUPS...: the packages of these groups that are not installed, one a line.
missing_packages() {
  local group package other
  while read -r group package _ other _; do
    [[ " $* " == *" $group "* ]] || continue
    is_installed "$package" && continue
    # Another release's name will do, unless this release has the first one as well.
    if [ -n "$other" ]; then
      is_known "$package" || package=$other
      is_installed "$package" && continue
    fi
    echo "$package"
  done < <(grep -v -e '^#' -e '^$' "$root/scripts/packages")
}

# as_root COMMAND...
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "run this as root, or install sudo, or install by hand: $(missing_packages "${groups[@]}" | xargs)"
  fi
}

# install_packages GROUPS...: installs what is missing, by apt. Quick, and without apt, when nothing is.
install_packages() {
  groups=("$@")
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "No apt here: taking it that everything in scripts/packages is installed"
    return
  fi
  [ -n "$(missing_packages "$@")" ] || return 0
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  say "Fetching the lists of packages"
  as_root "${apt[@]}" update || say "Not all lists could be fetched; going on with those there are"
  local missing
  # Only now is it known which names this release has.
  mapfile -t missing < <(missing_packages "$@")
  say "Installing ${missing[*]}"
  as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" \
    || die "apt could not install: ${missing[*]}"
}

# build_jobs: one for each core, but no more than the memory has room for (1.5 GB each).
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo)
  [ "${memory:-1}" -ge 1 ] || memory=1
  echo $((cores < memory ? cores : memory))
}

# build PRESET TARGETS...: configures when that was not done before, and builds.
build() {
  local preset=$1 directory=$root/build/$1 note=""
  shift
  if [ ! -f "$directory/build.ninja" ]; then
    say "Configuring build/$preset"
    (cd "$root" && cmake --preset "$preset") || die "cmake failed"
    note="; this first time it takes some minutes"
  fi
  say "Building build/$preset$note"
  NINJA_STATUS='[%f/%t %es] ' cmake --build "$directory" -j "$(build_jobs)" --target "$@" \
    || die "the build failed"
}
