" Opens a model with ALE and writes what the server finds to LCC_OUT, as line:column code:
" vim -es -u NONE -S serve.vim FILE.
set nocompatible encoding=utf-8 hidden
execute 'set runtimepath=' . fnameescape($LCC_VIM) . ',$VIMRUNTIME,' . fnameescape($LCC_ALE)
let g:ale_set_signs = 0
let g:ale_lint_delay = 0
let g:ale_lcc_parley_executable = $PARLEY
filetype plugin on
runtime plugin/ale.vim
execute 'edit' fnameescape(argv(0))
ALELint
let s:rounds = 0
while empty(ale#engine#GetLoclist(bufnr(''))) && s:rounds < 600
  sleep 50m
  let s:rounds += 1
endwhile
for s:found in ale#engine#GetLoclist(bufnr(''))
  call writefile([s:found.lnum . ':' . s:found.col . ' ' . get(s:found, 'code', '')], $LCC_OUT, 'a')
endfor
ALEStopAllLSPs
quitall!
