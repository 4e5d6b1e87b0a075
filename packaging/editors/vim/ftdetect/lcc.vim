autocmd BufNewFile,BufRead *.lcc setfiletype lcc
