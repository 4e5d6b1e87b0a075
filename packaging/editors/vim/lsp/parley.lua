-- The server for Neovim from version 0.11 on, which finds this file by itself.
return {
  cmd = { "parley", "lsp" },
  filetypes = { "lcc" },
}
