# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Completion of nv2 for bash; install as bash-completion/completions/nv2.

_nv2() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  local compat="dup_last_wins b64_lenient nv2_trailing_data nv2_empty_references nv2_ignore_kid nv2_docker_default
    nv2_strip_port nv2_no_eku nv2_exp_inclusive nv2_zero_is_absent nv2_ordered_x5c nv2_require_ku nv2_san_only
    nv2_min_rsa_bits= policy_ignore_unknown allow_global_skip policy_repeated_stores jws_extra_top jws_overlap_names
    cose_crit_lenient cose_ignore_other_time cose_overlap_labels cose_x5chain_bare cose_x5chain_protected
    eku_allow_any ca_bc_noncritical weak_ca_keys sa_allow_future crl_all_points ts_allow_crls
    ts_any_imprint_hash ts_allow_future"
  local common="--media-type --compat --username --password --password-stdin --insecure --timeout --color --help"
  local options="" values=""
  COMPREPLY=()

  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "verify run-if-trusted explain sign attach list pull copy inspect policy trust bundle doctor help --help --version" -- "$word"))
    return
  fi
  case $before in
    --color) values="auto always never" ;;
    --compat) values=$compat ;;
    --method | -m) values="x509" ;;
    --media-type) values="application/vnd.docker.distribution.manifest.v2+json
      application/vnd.docker.distribution.manifest.list.v2+json
      application/vnd.oci.image.manifest.v1+json application/vnd.oci.image.index.v1+json" ;;
    --envelope-media-type) values="application/vnd.cncf.notary.config.v2+json application/vnd.cncf.notary.config.v2+jwt
      application/jose+json application/cose" ;;
    --format) [[ $command == sign ]] && values="nv2-jwt nv2-json nv2-json-array jws cose" || values="auto nv2-json nv2-jwt jws cose" ;;
    --output) [[ $command == sign ]] || values="text json" ;;
    --time) values="unknown after:" ;;
    --expiry | -e) values="720h 8760h" ;;
    --stale-revocation) values="strict grace= ignore" ;;
    --level) values="strict permissive audit" ;;
    --kind) values="oci blob" ;;
    policy) values="check" ;;
    trust) values="add list remove" ;;
    bundle) values="create show" ;;
    --signing-scheme) values="notary.x509 notary.x509.signingAuthority" ;;
    help) values="verify run-if-trusted explain sign attach list pull copy inspect policy trust bundle doctor compat" ;;
  esac
  if [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$word"))
    return
  fi
  case $command in
    verify | run-if-trusted | explain | pull | copy)
      [[ $command == verify ]] && options="--batch --jobs"
      [[ $command == pull ]] && options="--output-layout --unverified"
      [[ $command == copy ]] && options="--unverified"
      [[ $command == run-if-trusted ]] && options="--allow-skipped"
      options+=" --signature --bundle --bundle-floor --cert --ca-cert --sa-cert --tsa-cert --identity --threshold --require-identity --level --policy --config
      --trust-store --scope --blob --policy-name --crl --ocsp --stale-revocation --offline --revocation-cache --user-metadata --min-version --version-key --understands --max-signatures --format --envelope-media-type --time
      --output $common" ;;
    bundle) options="--output --signature --crl --ocsp --policy --counter --reference --media-type --extract-policy
      --username --password --password-stdin --insecure --timeout --color --help" ;;
    trust) options="--from --store --sha256 --config --offline --insecure --yes --output --color --help" ;;
    policy) options="--config --trust-store --kind --compat --output --color --help" ;;
    sign) options="--method --key --cert --expiry --reference --output --format --signing-scheme --user-metadata --blob --attach
      $common" ;;
    doctor) options="--trusted --untrusted --policy --config --trust-store --containerd --bin-dir --containerd-config --verifier-config
      --username --password --password-stdin --insecure --timeout --output --color --help" ;;
    attach) options="--signature --format --compat --username --password --password-stdin --insecure --timeout --color --help" ;;
    inspect | list) options="--username --password --password-stdin --insecure --timeout --output --color --help" ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}

complete -o filenames -F _nv2 nv2
