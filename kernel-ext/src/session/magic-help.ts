export const magicHelp = `%time EXPRESSION       run it once, print the time          kernel.time(() => …)
%%time                 print the time of this cell           kernel.timeCell()
%timeit EXPRESSION     run it many times (-n RUNS -r ROUNDS) kernel.timeit(() => …)
%who                   the session's variables               kernel.who()
%reset [NAME …]        forget them, or the named ones        kernel.reset()
%%sql [--lake L] [--into NAME]   the cell is a query         lake.sql\`…\`
%load FILE             a file's text into this cell          kernel.load(path)
%%writefile [-a] FILE  the cell's text into a file           kernel.writefile(path, text)
%env [NAME[=VALUE]]    environment variables                 kernel.env()
%typecheck off|warn|on what a type error does                kernel.typecheck(mode)
%limit time=60 memory=2GB   stop cells that take more        kernel.limit({ … })
%memory                what the session takes                kernel.memory()
!COMMAND               run it in a shell                     kernel.sh(command)
?NAME                  type and documentation                kernel.help(name)`;
