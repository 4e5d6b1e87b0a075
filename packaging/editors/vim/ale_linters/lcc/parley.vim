" The server for ALE, which finds this file by itself.
call ale#Set('lcc_parley_executable', 'parley')
call ale#Set('lcc_parley_options', '')

call ale#linter#Define('lcc', {
\   'name': 'parley',
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'lcc_parley_executable')},
\   'command': {buffer -> '%e lsp' . ale#Pad(ale#Var(buffer, 'lcc_parley_options'))},
\   'project_root': {buffer -> fnamemodify(bufname(buffer), ':p:h')},
\})
