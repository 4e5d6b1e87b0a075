" Interaction models in LCC. docs/language.md has the language.
if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_

syntax keyword lccStep then or par
syntax keyword lccWord not and is in mod
syntax keyword lccConstant null true false fail

" Of two matches at one place the later one counts.
syntax match lccCall "\<[a-z]\w*\ze\s*("
syntax match lccAgent "\<a\ze\s*("
syntax match lccRole "\%(\<a\s*(\s*\)\@<=[a-z]\w*"
syntax match lccVariable "\<[A-Z]\w*\>\|\<_\w*\>"
syntax match lccNumber "\<\d\+\%(\.\d\+\)\=\%([eE][+-]\=\d\+\)\=\>"
syntax match lccAnnotation "@\s*[a-z]\w*"
syntax match lccOperator "[=<>∧¬&;+*/|-]\|\\=\|!="
syntax match lccArrow "<--\=\|←\|=>\|⇒\|<=\|⇐\|::=\=\|:-"
syntax match lccCompare "=<\|>=\|=="
syntax match lccEscape "\\." contained
syntax match lccString +"\%(\\.\|[^"\\]\)*"+ contains=lccEscape
syntax match lccQuoted +'\%(\\.\|[^'\\]\)*'+ contains=lccEscape
syntax match lccComment "%.*$\|//.*$" contains=lccTodo,@Spell
syntax region lccComment start="/\*" end="\*/" contains=lccTodo,@Spell
syntax keyword lccTodo TODO FIXME contained

syntax sync ccomment lccComment

highlight default link lccStep Statement
highlight default link lccWord Keyword
highlight default link lccConstant Constant
highlight default link lccCall Function
highlight default link lccAgent Special
highlight default link lccRole Type
highlight default link lccVariable Identifier
highlight default link lccNumber Number
highlight default link lccAnnotation PreProc
highlight default link lccOperator Operator
highlight default link lccCompare Operator
highlight default link lccArrow Operator
highlight default link lccEscape SpecialChar
highlight default link lccString String
highlight default link lccQuoted String
highlight default link lccComment Comment
highlight default link lccTodo Todo

let b:current_syntax = "lcc"
