# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Completion of nv2 for bash; install as bash-completion/completions/nv2.

_nv2() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  local compat="dup_last_wins b64_lenient nv2_trailing_data nv2_empty_references nv2_ignore_kid nv2_docker_default
    nv2_strip_port nv2_no_eku nv2_exp_inclusive nv2_zero_is_absent nv2_ordered_x5c nv2_require_ku nv2_san_only
    nv2_min_rsa_bits="
  local common="--media-type --compat --username --password --insecure --color --help"
  local options="" values=""
  COMPREPLY=()

  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "verify sign inspect help --help --version" -- "$word"))
    return
  fi
  case $before in
    --color) values="auto always never" ;;
    --compat) values=$compat ;;
    --method | -m) values="x509" ;;
    --media-type) values="application/vnd.docker.distribution.manifest.v2+json
      application/vnd.docker.distribution.manifest.list.v2+json
      application/vnd.oci.image.manifest.v1+json application/vnd.oci.image.index.v1+json" ;;
    --envelope-media-type) values="application/vnd.cncf.notary.config.v2+json application/vnd.cncf.notary.config.v2+jwt" ;;
    --format) [[ $command == sign ]] && values="nv2-jwt nv2-json nv2-json-array" || values="auto nv2-json nv2-jwt" ;;
    --output) [[ $command == sign ]] || values="text json" ;;
    --time) values="unknown after:" ;;
    --expiry | -e) values="720h 8760h" ;;
    help) values="verify sign inspect compat" ;;
  esac
  if [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$word"))
    return
  fi
  case $command in
    verify) options="--signature --cert --ca-cert --format --envelope-media-type --time --output $common" ;;
    sign) options="--method --key --cert --expiry --reference --output --format $common" ;;
    inspect) options="--output --color --help" ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}

complete -o filenames -F _nv2 nv2
