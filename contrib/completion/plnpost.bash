# bash completion for plnpost(1)
_plnpost() {
	local word=${COMP_WORDS[COMP_CWORD]} command= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-C | --format) i=$((i + 1)) ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	-C | --preview) COMPREPLY=($(compgen -d -- "$word")); return ;;
	--format) COMPREPLY=($(compgen -W 'table json csv html pdf txt' -- "$word")); return ;;
	esac
	case $command in
	'') COMPREPLY=($(compgen -W '-C --format --help --version init check run poll send ingest explain link digest status log show find people approve plan rules config backup report export reopen retention audit' -- "$word")) ;;
	init) COMPREPLY=($(compgen -d -W '--sample' -- "$word")) ;;
	explain) COMPREPLY=($(compgen -f -W '--json --authserv' -- "$word")) ;;
	link) COMPREPLY=($(compgen -W '--json' -- "$word")) ;;
	digest) COMPREPLY=($(compgen -W '--week --for --preview' -- "$word")) ;;
	log) COMPREPLY=($(compgen -W '--person --from --to --kind --tag --starred --held --quarantined --letters --limit' -- "$word")) ;;
	find) COMPREPLY=($(compgen -W '--person' -- "$word")) ;;
	people) COMPREPLY=($(compgen -f -W 'list add remove import rename merge export erase --role --zone --approver --joined --shared --reason --by' -- "$word")) ;;
	approve) COMPREPLY=($(compgen -W 'list delegate --ask --remind --by --minutes --deny --remove' -- "$word")) ;;
	plan) COMPREPLY=($(compgen -W 'list show goal approve add remove --year --by --ask --deny' -- "$word")) ;;
	rules) COMPREPLY=($(compgen -f -W 'check list simulate off.rules flat.rules minutes.rules mixed.rules --year --person --all' -- "$word")) ;;
	report) COMPREPLY=($(compgen -f -W '--year --month --to --sceptic --format' -- "$word")) ;;
	export) COMPREPLY=($(compgen -f -W 'transcript entries bookmarks --year --to --bom --format' -- "$word")) ;;
	audit) COMPREPLY=($(compgen -f -W '--head --transcript' -- "$word")) ;;
	reopen) COMPREPLY=($(compgen -W '--until --by --reason' -- "$word")) ;;
	retention) COMPREPLY=($(compgen -W '--apply' -- "$word")) ;;
	config) COMPREPLY=($(compgen -W '--defaults' -- "$word")) ;;
	*) COMPREPLY=($(compgen -f -- "$word")) ;;
	esac
}
complete -F _plnpost plnpost
