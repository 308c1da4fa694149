# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Completion of nv2 for fish; install as vendor_completions.d/nv2.fish.

set -l compat dup_last_wins b64_lenient nv2_trailing_data nv2_empty_references nv2_ignore_kid nv2_docker_default \
    nv2_strip_port nv2_no_eku nv2_exp_inclusive nv2_zero_is_absent nv2_ordered_x5c nv2_require_ku nv2_san_only \
    nv2_min_rsa_bits= policy_ignore_unknown allow_global_skip policy_repeated_stores jws_extra_top jws_overlap_names \
    cose_crit_lenient cose_ignore_other_time cose_overlap_labels cose_x5chain_bare cose_x5chain_protected \
    eku_allow_any ca_bc_noncritical weak_ca_keys sa_allow_future
set -l verify '__fish_seen_subcommand_from verify explain'
set -l sign '__fish_seen_subcommand_from sign'
set -l both '__fish_seen_subcommand_from verify explain sign'
set -l shown '__fish_seen_subcommand_from verify explain inspect policy'
set -l policy '__fish_seen_subcommand_from policy'
set -l trust '__fish_seen_subcommand_from verify explain policy'

complete -c nv2 -n __fish_use_subcommand -f -a verify -d 'decide whether a signature is trusted'
complete -c nv2 -n __fish_use_subcommand -f -a explain -d 'tell what leads to the verdict'
complete -c nv2 -n __fish_use_subcommand -f -a policy -d 'check trust policies'
complete -c nv2 -n __fish_use_subcommand -f -a sign -d 'make a signature'
complete -c nv2 -n __fish_use_subcommand -f -a inspect -d 'show what is in a signature file'
complete -c nv2 -n __fish_use_subcommand -f -a help -d 'print help'
complete -c nv2 -n __fish_use_subcommand -s v -l version -d 'print the version'
complete -c nv2 -s h -l help -d 'print help'
complete -c nv2 -n '__fish_seen_subcommand_from help' -f -a 'verify explain sign inspect policy compat'

complete -c nv2 -n $verify -s s -s f -l signature -r -d 'signature file'
complete -c nv2 -n $verify -s c -l cert -r -d 'certificates of signers'
complete -c nv2 -n $verify -l ca-cert -r -d 'certificates of authorities'
complete -c nv2 -n $verify -l sa-cert -r -d 'certificates of signing authorities'
complete -c nv2 -n $verify -l tsa-cert -r -d 'certificates of timestamp services'
complete -c nv2 -n $verify -l identity -x -d 'who may sign'
complete -c nv2 -n $verify -l threshold -x -d 'how many different trusted signers must have signed'
complete -c nv2 -n $verify -l require-identity -x -d 'who must be among them'
complete -c nv2 -n $verify -l level -x -a 'strict permissive audit' -d 'which failures refuse'
complete -c nv2 -n $verify -l policy -r -d 'trust policy document'
complete -c nv2 -n $verify -l scope -x -d 'repository for the policy'
complete -c nv2 -n $verify -l blob -d 'the target is a file of any kind'
complete -c nv2 -n $verify -l policy-name -x -d 'statement of the policy for blobs'
complete -c nv2 -n $verify -l crl -r -d 'revocation lists'
complete -c nv2 -n $verify -l ocsp -r -d 'OCSP response'
complete -c nv2 -n $verify -l stale-revocation -x -a 'strict grace= ignore' -d 'what data is worth after its time'
complete -c nv2 -n $verify -l offline -d 'get nothing from the network'
complete -c nv2 -n $verify -l revocation-cache -r -d 'where copies of revocation lists are kept'
complete -c nv2 -n $verify -l user-metadata -x -d 'annotation that must be signed'
complete -c nv2 -n $verify -l min-version -x -d 'lowest signed version that will do'
complete -c nv2 -n $verify -l version-key -x -d 'annotation that the version stands in'
complete -c nv2 -n $verify -l max-signatures -x -d 'signatures of a layout that are tried at most'
complete -c nv2 -n $verify -l understands -x -d 'critical attribute that you process'
complete -c nv2 -n $verify -l format -x -a 'auto nv2-json nv2-jwt jws cose' -d 'signature format'
complete -c nv2 -n $verify -l envelope-media-type -x -d 'declared media type of the signature file'
complete -c nv2 -n $verify -l time -x -a 'unknown after:' -d 'what is known of the time'

complete -c nv2 -n $sign -s m -l method -x -a x509 -d 'signing method'
complete -c nv2 -n $sign -s k -l key -r -d 'private key'
complete -c nv2 -n $sign -s c -l cert -r -d 'certificate of the key and its issuers'
complete -c nv2 -n $sign -s e -l expiry -x -a '720h 8760h' -d validity
complete -c nv2 -n $sign -s r -l reference -x -d 'original reference'
complete -c nv2 -n $sign -s o -l output -r -d 'signature file to write'
complete -c nv2 -n $sign -l format -x -a 'nv2-jwt nv2-json nv2-json-array jws cose' -d 'signature format'
complete -c nv2 -n $sign -l signing-scheme -x -a 'notary.x509 notary.x509.signingAuthority' -d 'who vouches for the time'
complete -c nv2 -n $sign -l user-metadata -x -d 'annotation to be signed'
complete -c nv2 -n $sign -l blob -d 'the target is no manifest'
complete -c nv2 -n $sign -l attach -d 'put the signature into the layout'

complete -c nv2 -n $policy -f -a check -d 'tell what is wrong'
complete -c nv2 -n $policy -l kind -x -a 'oci blob' -d 'what the documents are about'
complete -c nv2 -n $policy -l compat -x -a "$compat" -d 'named deviation from the rules'
complete -c nv2 -n $trust -l config -r -d 'notation configuration directory'
complete -c nv2 -n $trust -l trust-store -r -d 'directory with trust stores'
complete -c nv2 -n $shown -l output -x -a 'text json' -d 'what is printed'
complete -c nv2 -n $both -l media-type -x -d 'media type of the manifest'
complete -c nv2 -n $both -l compat -x -a "$compat" -d 'named deviation from the rules'
complete -c nv2 -n $both -s u -l username -x -d 'unused in this version'
complete -c nv2 -n $both -s p -l password -x -d 'unused in this version'
complete -c nv2 -n $both -l insecure -d 'unused in this version'
complete -c nv2 -l color -x -a 'auto always never' -d 'when to use colours'
