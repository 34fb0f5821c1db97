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
  # Not grep -q: it may end before apt-cache has said all, and that would then count as a failure.
  apt-cache policy "$1" 2>/dev/null | grep "Candidate: [^(]" >/dev/null
}

# Whether apt has lists, so that what it does not know is not to be had.
has_lists() {
  [ -n "$(find /var/lib/apt/lists -name '*_Packages*' -print -quit 2>/dev/null)" ]
}

# missing_packages GROUPS...: the packages of these groups that are not installed, one a line.
missing_packages() {
  local group package other
  while read -r group package _ other _; do
    [[ " $* " == *" $group "* ]] || continue
    is_installed "$package" && continue
    # Another release's name will do, unless this release has the first one as well.
    if [ "$other" = - ]; then
      has_lists && ! is_known "$package" && continue
    elif [ -n "$other" ]; then
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

# node_groups: the groups that are needed besides for a program of node.
node_groups() {
  local version
  version=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || version=0
  [ "${version:-0}" -ge 18 ] || echo node
  command -v npm >/dev/null || echo npm
}

# unpack_packages PROGRAM...: has these programs of the group `unpack` in build/tools, where they are not
# installed. Does without those that cannot be had; the tests that need one say so.
unpack_packages() {
  local tools=$root/build/tools program package
  export PATH=$PATH:$tools/usr/bin
  for program in "$@"; do
    command -v "$program" >/dev/null && continue
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 0
    say "Fetching $program"
    rm -rf "$tools/download"
    mkdir -p "$tools/download"
    for package in $(missing_packages unpack); do
      (cd "$tools/download" && apt-get -q -o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
        download "$package" && dpkg -x "$package"_*.deb "$tools") || say "No $package to be had"
    done
    rm -rf "$tools/download"
  done
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
