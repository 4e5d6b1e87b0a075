" Writes the class of each character of each file that is named beside it. Used with
" vim -es -u NONE -S classes.vim FILES: classes_test.go has the letters.
set encoding=utf-8 nocompatible nofixendofline synmaxcol=0
execute 'set runtimepath=' . fnameescape($LCC_VIM) . ',$VIMRUNTIME'
filetype plugin on
syntax on

let s:letters = {'lccComment': 'c', 'lccTodo': 'c', 'lccString': 's', 'lccQuoted': 's', 'lccEscape': 's', 'lccNumber': 'n',
      \ 'lccStep': 'k', 'lccWord': 'k', 'lccVariable': 'v', 'lccArrow': 'a'}

function! s:Classes() abort
  if &filetype !=# 'lcc' || &commentstring !=# '% %s'
    cquit
  endif
  syntax sync fromstart
  let lines = []
  for number in range(1, line('$'))
    let line = ''
    let column = 1
    for char in split(getline(number), '\zs')
      let line .= get(s:letters, synIDattr(synID(number, column, 0), 'name'), '.')
      let column += strlen(char)
    endfor
    call add(lines, line)
  endfor
  if &endofline
    call add(lines, '')
  endif
  call writefile(lines, expand('%:p') . '.classes', 'b')
endfunction

for s:file in argv()
  execute 'edit' fnameescape(s:file)
  call s:Classes()
endfor
quitall!
