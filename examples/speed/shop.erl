%% The shop as two Erlang processes, with the data that Parley's messages carry:
%% the id of the message, the conversation, both parties with their roles.
-module(shop).
-export([main/1]).

main([N, AtOnce]) ->
    Count = list_to_integer(atom_to_list(N)),
    Many = list_to_integer(atom_to_list(AtOnce)),
    Keeper = spawn(fun() -> keeper(#{}, 0) end),
    trade(Keeper, min(Count, 20000), Many), %% so that all code is loaded and warm
    Before = erlang:monotonic_time(nanosecond),
    trade(Keeper, Count, Many),
    After = erlang:monotonic_time(nanosecond),
    io:format("~p~n", [After - Before]),
    halt(0).

trade(Keeper, Count, Many) ->
    Self = self(),
    spawn(fun() ->
        Left = lists:foldl(fun(_, L) -> L - 1 end, Count, lists:seq(1, min(Many, Count))),
        Running = lists:foldl(fun(A, R) -> start(Keeper, A, R) end, #{}, lists:seq(1, min(Many, Count))),
        buyer(Keeper, Running, min(Many, Count), Left),
        Self ! done
    end),
    receive done -> ok end.

conv(Agent) -> iolist_to_binary([<<"alice/">>, integer_to_binary(Agent), <<"/1">>]).

start(Keeper, Agent, Running) ->
    Conv = conv(Agent),
    Keeper ! {msg, self(), {alice, Agent, 1}, Conv, {alice, Agent, {buyer, lamp}}, {bob, 0, shopkeeper}, {ask, lamp}},
    Running#{Agent => {Conv, lamp}}.

buyer(_, Running, _, 0) when map_size(Running) =:= 0 -> ok;
buyer(Keeper, Running, Last, Left) ->
    receive
        {msg, From, _, Conv, {bob, KAgent, shopkeeper}, {alice, Agent, _}, {price, X, P}} ->
            #{Agent := {Conv, X}} = Running,
            true = P < 10,
            From ! {msg, self(), {alice, Agent, 2}, Conv, {alice, Agent, {buyer, X}}, {bob, KAgent, shopkeeper}, {buy, X, P}},
            buyer(Keeper, Running#{Agent := {Conv, X, P}}, Last, Left);
        {msg, _, _, Conv, {bob, _, shopkeeper}, {alice, Agent, _}, {sold, X, P}} ->
            #{Agent := {Conv, X, P}} = Running,
            Rest = maps:remove(Agent, Running),
            case Left of
                0 -> buyer(Keeper, Rest, Last, 0);
                _ -> buyer(Keeper, start(Keeper, Last + 1, Rest), Last + 1, Left - 1)
            end
    end.

keeper(Running, Last) ->
    receive
        {msg, From, _, Conv, {alice, Agent, Role}, _, {ask, lamp}} ->
            Id = Last + 1,
            From ! {msg, self(), {bob, Id, 1}, Conv, {bob, Id, shopkeeper}, {alice, Agent, Role}, {price, lamp, 5}},
            keeper(Running#{Conv => {Id, lamp, 5}}, Id);
        {msg, From, _, Conv, {alice, Agent, Role}, _, {buy, X, P}} ->
            #{Conv := {Id, X, P}} = Running,
            From ! {msg, self(), {bob, Id, 2}, Conv, {bob, Id, shopkeeper}, {alice, Agent, Role}, {sold, X, P}},
            keeper(maps:remove(Conv, Running), Last)
    end.
