# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
#
# Completion of nv2 for fish; install as vendor_completions.d/nv2.fish.

set -l compat dup_last_wins b64_lenient nv2_trailing_data nv2_empty_references nv2_ignore_kid nv2_docker_default \
    nv2_strip_port nv2_no_eku nv2_exp_inclusive nv2_zero_is_absent nv2_ordered_x5c nv2_require_ku nv2_san_only \
    nv2_min_rsa_bits=
set -l verify '__fish_seen_subcommand_from verify'
set -l sign '__fish_seen_subcommand_from sign'
set -l both '__fish_seen_subcommand_from verify sign'
set -l shown '__fish_seen_subcommand_from verify inspect'

complete -c nv2 -n __fish_use_subcommand -f -a verify -d 'decide whether a signature is trusted'
complete -c nv2 -n __fish_use_subcommand -f -a sign -d 'make a signature'
complete -c nv2 -n __fish_use_subcommand -f -a inspect -d 'show what is in a signature file'
complete -c nv2 -n __fish_use_subcommand -f -a help -d 'print help'
complete -c nv2 -n __fish_use_subcommand -s v -l version -d 'print the version'
complete -c nv2 -s h -l help -d 'print help'
complete -c nv2 -n '__fish_seen_subcommand_from help' -f -a 'verify sign inspect compat'

complete -c nv2 -n $verify -s s -s f -l signature -r -d 'signature file'
complete -c nv2 -n $verify -s c -l cert -r -d 'certificates of signers'
complete -c nv2 -n $verify -l ca-cert -r -d 'certificates of authorities'
complete -c nv2 -n $verify -l format -x -a 'auto nv2-json nv2-jwt' -d 'signature format'
complete -c nv2 -n $verify -l envelope-media-type -x -d 'declared media type of the signature file'
complete -c nv2 -n $verify -l time -x -a 'unknown after:' -d 'what is known of the time'

complete -c nv2 -n $sign -s m -l method -x -a x509 -d 'signing method'
complete -c nv2 -n $sign -s k -l key -r -d 'private key'
complete -c nv2 -n $sign -s c -l cert -r -d 'certificate of the key and its issuers'
complete -c nv2 -n $sign -s e -l expiry -x -a '720h 8760h' -d validity
complete -c nv2 -n $sign -s r -l reference -x -d 'original reference'
complete -c nv2 -n $sign -s o -l output -r -d 'signature file to write'
complete -c nv2 -n $sign -l format -x -a 'nv2-jwt nv2-json nv2-json-array' -d 'signature format'

complete -c nv2 -n $shown -l output -x -a 'text json' -d 'what is printed'
complete -c nv2 -n $both -l media-type -x -d 'media type of the manifest'
complete -c nv2 -n $both -l compat -x -a "$compat" -d 'named deviation from the rules'
complete -c nv2 -n $both -s u -l username -x -d 'unused in this version'
complete -c nv2 -n $both -s p -l password -x -d 'unused in this version'
complete -c nv2 -n $both -l insecure -d 'unused in this version'
complete -c nv2 -l color -x -a 'auto always never' -d 'when to use colours'
