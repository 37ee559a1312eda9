import { COMPLETION_COMMAND } from './completion-command.ts';

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** The script of each shell, which asks the program for candidates. Without candidates, files are offered. */
export const stubs: Readonly<Record<Shell, string>> = {
  bash: `# synapse completion bash: in ~/.bashrc: eval "$(synapse completion bash)"
_synapse() {
  local value description words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  local current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS=$'\\t' read -r value description; do
    COMPREPLY+=("$(printf %q "$value")")
  done < <(synapse ${COMPLETION_COMMAND} "\${words[@]}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then
    while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _synapse synapse
complete -o nosort -F _synapse synapse 2>/dev/null || complete -F _synapse synapse
`,
  zsh: `#compdef synapse
# synapse completion zsh: in ~/.zshrc, behind compinit: eval "$(synapse completion zsh)"
_synapse() {
  local line value
  local -a values descriptions
  while IFS= read -r line; do
    value="\${line%%$'\\t'*}"
    values+=("$value")
    descriptions+=("$value  \${line#*$'\\t'}")
  done < <(synapse ${COMPLETION_COMMAND} "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#values} )); then
    compadd -V synapse -l -d descriptions -a values
  else
    _files
  fi
}
compdef _synapse synapse
`,
  fish: `# synapse completion fish: synapse completion fish > ~/.config/fish/completions/synapse.fish
function __synapse_complete
    set -l words (commandline -opc) (commandline -ct)
    synapse ${COMPLETION_COMMAND} $words[2..-1] 2>/dev/null
end
complete -c synapse -k -a '(__synapse_complete)'
`,
  powershell: `# synapse completion powershell: in $PROFILE: synapse completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName synapse -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
    if ($wordToComplete -eq '') { $words += '' }
    synapse ${COMPLETION_COMMAND} @words 2>$null | ForEach-Object {
        $value, $description = $_ -split "\`t", 2
        if (-not $description) { $description = $value }
        $text = if ($value -match '[^\\w./:@+-]') { "'" + ($value -replace "'", "''") + "'" } else { $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $description)
    }
}
`,
};
