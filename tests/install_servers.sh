#!/bin/sh
# Installs what the tests need and a fresh machine lacks: a MariaDB server. Does nothing where there is one.
# Postgres and the MongoDB-protocol server come with the Python packages. The browser tests use Chromium where it is
# installed and are skipped otherwise; `sh tests/install_servers.sh browser` installs it.
set -eu

PATH="$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        echo "The tests need $WANTED, and installing it takes root: install it yourself, then run this again." >&2
        exit 1
    fi
}

# install DEBIAN FEDORA HOMEBREW: names of the package
install_package() {
    if has apt-get; then
        # A stopped service is enough: the tests start a server of their own, on a free port.
        as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "$1" ||
            { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
                apt-get install -y -q --no-install-recommends "$1"; }
    elif has dnf; then
        as_root dnf install -y -q "$2"
    elif has brew; then
        brew install --quiet "$3"
    else
        echo "The tests need $WANTED, and there is no apt-get, dnf or brew here: install it with your system's packages." >&2
        exit 1
    fi
}

WANTED="a MariaDB server"
if ! has mariadb-install-db || ! { has mariadbd || has mysqld; }; then
    echo "Installing $WANTED for the tests." >&2
    install_package mariadb-server mariadb-server mariadb >&2
fi

if [ "${1:-}" = browser ]; then
    WANTED="Chromium"
    if ! has chromium && ! has chromium-browser && ! has google-chrome; then
        echo "Installing $WANTED for the tests of the report." >&2
        install_package chromium chromium chromium >&2
    fi
fi
