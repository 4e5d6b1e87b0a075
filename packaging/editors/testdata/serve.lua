-- Opens two models with Neovim's client and writes what comes to LCC_OUT, one line each:
-- nvim --headless -u NONE -S serve.lua FAULTY RIGHT.
vim.opt.runtimepath:prepend(vim.env.LCC_VIM)
vim.cmd("filetype plugin on")
vim.o.hidden = true
local lines = {}
local function say(line) table.insert(lines, line) end

local client -- its number: one server for both models

local function open(name)
  vim.cmd("edit " .. vim.fn.fnameescape(name))
  local settings = { name = "parley", cmd = { vim.env.PARLEY, "lsp" }, root_dir = vim.fn.getcwd() }
  client = client or (vim.lsp.start_client or vim.lsp.start)(settings)
  vim.lsp.buf_attach_client(0, client)
  vim.wait(30000, function()
    local c = vim.lsp.get_client_by_id(client)
    return c and c.initialized
  end, 20)
end

-- at puts the cursor on the first place of a text within a line.
local function at(line, text)
  vim.api.nvim_win_set_cursor(0, { line, vim.fn.getline(line):find(text, 1, true) - 1 })
end

local function ask(method, extra)
  local params = vim.lsp.util.make_position_params(0, vim.lsp.get_client_by_id(client).offset_encoding)
  for k, v in pairs(extra or {}) do params[k] = v end
  local answers, why = vim.lsp.buf_request_sync(0, method, params, 30000)
  for _, answer in pairs(answers or {}) do return answer.result end
  say(method .. ": no answer: " .. tostring(why))
end

open(vim.fn.argv(0))
vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 20)
for _, found in ipairs(vim.diagnostic.get(0)) do
  say((found.lnum + 1) .. ":" .. (found.col + 1) .. " " .. (found.code or found.user_data.lsp.code))
end
say("")

open(vim.fn.argv(1))
at(4, "seller")
vim.lsp.buf.definition()
vim.wait(30000, function() return vim.fn.line(".") ~= 4 end, 20)
say("definition: " .. vim.fn.line(".") .. ":" .. vim.fn.col("."))

at(4, "timeout")
say("hover: " .. vim.fn.split(ask("textDocument/hover").contents.value, "\n")[2])

at(4, "S)")
say("references: " .. #ask("textDocument/references", { context = { includeDeclaration = true } }))

at(4, "seller")
local roles = {}
local items = ask("textDocument/completion")
for _, item in ipairs(items.items or items) do table.insert(roles, item.label) end
table.sort(roles)
say("completion: " .. table.concat(roles, " "))

at(4, "X)")
vim.lsp.buf.rename("Item")
vim.wait(30000, function() return vim.fn.getline(4):find("Item", 1, true) end, 20)
say("rename: " .. vim.fn.getline(4):match(":: (.-) then"))

say("format: " .. #ask("textDocument/formatting", { options = { tabSize = 4, insertSpaces = true } }) .. " change")
vim.fn.writefile(lines, vim.env.LCC_OUT)
vim.cmd("qall!")
