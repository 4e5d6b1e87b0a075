/*
 * The deal between two sources and one target that has room for one guest.
 *
 * Guest i runs at source i. The first source may begin two deals, one after
 * the other, the second one. Messages are lost and doubled, holds end at any moment, and each of
 * the three agents crashes once, at any moment; what the platforms do goes on
 * meanwhile. README.md says what is left out.
 *
 * PROP selects the property, 1 to 9; 0, the default, checks all. Each safeguard is taken away by a macro:
 * NO_ARRIVAL, NO_SINGLE_USE, NO_HOLD, NO_INTENT, NO_ARMED, DROP_ARMED,
 * FREE_BY_MESSAGE, STARTS, NO_ROOM, NO_DEADLINE, OLD_NEWS, NO_LIFT, NO_NEED. With LIES a
 * source may say once that nothing will come while its guest is on its way. With OWNER
 * the target's owner starts a guest of his own at any moment; with CLAIMS the first
 * source may commit and say for ever that its guest will come; with PERSON the target's
 * time for looking may be up while both platforms show the guest.
 */

#define N 2          /* sources, each with one guest */
#define ROOM 1       /* guests that the target has room for */
#ifndef DEALS
#define DEALS 2      /* deals of the first source; the second has one */
#endif
#define deals(i) (i == 0 -> DEALS : 1)
#ifndef LOSSES
#define LOSSES 1
#endif
#ifndef DOUBLES
#define DOUBLES 1
#endif
#ifndef CRASHES
#define CRASHES 1    /* of each agent */
#endif

#ifndef PROP
#define PROP 0
#endif
#define check(p, holds) assert((PROP != 0 && PROP != p) || (holds))

/* What a source's agent has in memory, and what its journal says. */
#define IDLE 0
#define ASKED 1
#define INTENDED 2
#define MOVING 3
#define CHECKING 4

/* What the target's agent has in memory for a guest, and what its journal says. */
#define FREE 0
#define OFFERED 1
#define ARMED 2
#define SEEN 3      /* the guest runs here; the hold has become the guest */
#define STUCK 4     /* both showed it when the time was up: it needs a person */

/* What the target's platform shows of a guest. */
#define ABSENT 0
#define INCOMING 1
#define RUNS 2

/* A migration: it belongs to the platforms and outlives every agent. */
#define NONE 0
#define WANTED 1    /* the source's platform was told to */
#define ADMITTED 2  /* the target let it in; its platform does not show it yet */
#define COPYING 3
#define SWITCHED 4  /* it runs at the target; the source shows it for a while */

byte source[N];       /* memory of the source's agent */
byte sourceLog[N];    /* its journal */
bool sourceDown[N];
#ifdef LIES
bool lied[N];
#endif
byte deal[N];         /* number of the deal that the source is in, from 1 */

byte hold[N];         /* memory of the target's agent */
byte holdDeal[N];     /* the deal that it holds room for */
bool used[N];         /* the hold has let a migration in, as the agent remembers */
byte holdLog[N];      /* its journal */
bool targetDown;

#ifdef OWNER
byte own;             /* guests that the target's owner has started there */
#else
#define own 0
#endif
#ifdef CLAIMS
bool claims;          /* the first source says that its guest will come */
#else
#define claims false
#endif
#ifdef PERSON
bool told[N];         /* the source has said that it shows the guest, at some time */
bool person[N];       /* a person was asked, and no truth has answered since */
#endif

byte here[N];         /* at the source's platform: 1 runs, 2 shown though it runs at the target, 0 gone */
byte at[N];           /* at the target's platform */
byte move[N];
byte moveDeal[N];

/* Messages on their way: the number of the deal, 0 for none. */
byte ask[N], offer[N], commit[N], armed[N], refuse[N], cancel[N], where[N], answer[N];
byte answerPlace[N];

byte losses = LOSSES, doubles = DOUBLES;
byte sourceCrashes[N] = CRASHES, targetCrashes = CRASHES;
#ifdef NO_SINGLE_USE
byte everArmed[N];
#endif

inline took(message) {
	/* A message that was taken may come again. */
	if
	:: doubles > 0 -> doubles--
	:: message = 0
	fi
}

inline tookAnswer(i) {
	took(answer[i]);
	if
	:: answer[i] == 0 -> answerPlace[i] = 0
	:: else
	fi
}

inline lose(message) { message = 0; losses-- }

/* Room that is taken at the target as its agent counts it. */
#define stands(i) (at[i] != ABSENT)
#ifdef NO_HOLD
#define held(i) 0
#else
#define held(i) (hold[i] != FREE && at[i] == ABSENT)
#endif
#define taken(i) ((stands(i) || held(i)) -> 1 : 0)
#define truly(i) ((stands(i) || move[i] == ADMITTED || (hold[i] == ARMED && at[i] == ABSENT)) -> 1 : 0)
#define fits (own + taken(0) + taken(1) < ROOM)

inline room() {
	/* 3: running, incoming and armed never pass the room. */
	check(3, truly(0) + truly(1) <= ROOM)
}

inline once(i) {
	/* 1: a guest runs on one host, and never on none. */
	check(1, (here[i] == 1) + (at[i] == RUNS) == 1)
}

inline sourceEnds(i, done) {
	/* 6: what the source concludes is so: done, it runs there; else it runs
	   here and nothing moves it any more. */
	check(6, (done && at[i] == RUNS && here[i] == 0) || (!done && here[i] == 1 && move[i] == NONE));
	source[i] = IDLE; sourceLog[i] = IDLE
}

#define quiet(i) (ask[i] == 0 && offer[i] == 0 && commit[i] == 0 && armed[i] == 0 && refuse[i] == 0 && where[i] == 0 && answer[i] == 0)

inline oneSource(i) {
	/* A deal begins. 2: a guest is in one deal at a time. */
	if
	:: source[i] == IDLE && !sourceDown[i] && deal[i] < deals(i) && here[i] == 1 ->
		check(2, move[i] == NONE);
		deal[i]++; source[i] = ASKED; ask[i] = deal[i]
	:: source[i] == ASKED && !sourceDown[i] && offer[i] != 0 ->
		if
		:: offer[i] == deal[i] ->
			source[i] = INTENDED;
#ifndef NO_INTENT
			sourceLog[i] = INTENDED;
#endif
			commit[i] = deal[i]
		:: else
		fi;
		took(offer[i])
	/* No answer comes any more. */
	:: source[i] == ASKED && !sourceDown[i] && quiet(i) -> source[i] = IDLE
	:: source[i] == INTENDED && !sourceDown[i] && armed[i] != 0 ->
		if
		:: armed[i] == deal[i] && here[i] == 1 && move[i] == NONE ->
			source[i] = MOVING;
#ifndef NO_INTENT
			sourceLog[i] = MOVING;
#endif
			move[i] = WANTED; moveDeal[i] = deal[i]
		:: else
		fi;
		took(armed[i])
#ifdef CLAIMS
	/* It lets the hold stand, and no guest comes. */
	:: i == 0 && source[i] == INTENDED && !sourceDown[i] && armed[i] == deal[i] ->
		claims = true; source[i] = IDLE; sourceLog[i] = IDLE; took(armed[i])
#endif
	:: (source[i] == ASKED || source[i] == INTENDED) && !sourceDown[i] && refuse[i] != 0 ->
		if
		:: refuse[i] == deal[i] && source[i] == ASKED -> source[i] = IDLE
		:: refuse[i] == deal[i] && source[i] == INTENDED -> sourceEnds(i, false)
		:: else
		fi;
		took(refuse[i])
	/* A commit was lost: it is said again, or given up. */
	:: source[i] == INTENDED && !sourceDown[i] && quiet(i) -> commit[i] = deal[i]
	:: source[i] == INTENDED && !sourceDown[i] -> cancel[i] = deal[i]; sourceEnds(i, false)
#ifdef LIES
	/* It says that nothing will come, and goes on. */
	:: source[i] == MOVING && !sourceDown[i] && move[i] != NONE && !lied[i] -> lied[i] = true; cancel[i] = deal[i]
#endif
	/* The platform says that it is over, or the time is up and it is stopped:
	   an abort may come too late. */
	:: source[i] == MOVING && !sourceDown[i] && move[i] == NONE -> source[i] = CHECKING
	:: source[i] == MOVING && !sourceDown[i] && move[i] != NONE -> source[i] = CHECKING; abort(i)
	:: source[i] == CHECKING && !sourceDown[i] && move[i] == NONE && where[i] == 0 && answer[i] == 0 -> where[i] = deal[i]
	:: source[i] == CHECKING && !sourceDown[i] && answer[i] != 0 ->
		/* Both platforms were looked at, and nothing moves any more. */
		if
		:: answer[i] == deal[i] && move[i] == NONE && here[i] == 0 && answerPlace[i] == RUNS -> sourceEnds(i, true)
		:: answer[i] == deal[i] && move[i] == NONE && here[i] == 1 && answerPlace[i] == ABSENT -> cancel[i] = deal[i]; sourceEnds(i, false)
		:: else
		fi;
		tookAnswer(i)
	/* Answers to a source that waits for none are dropped. */
	:: source[i] != ASKED && !sourceDown[i] && offer[i] != 0 -> took(offer[i])
	:: source[i] != INTENDED && !sourceDown[i] && armed[i] != 0 -> cancelOld(i); took(armed[i])
	:: source[i] != ASKED && source[i] != INTENDED && !sourceDown[i] && refuse[i] != 0 -> took(refuse[i])
	:: source[i] != CHECKING && !sourceDown[i] && answer[i] != 0 -> tookAnswer(i)
	/* The agent ends; what it had not journalled is forgotten. */
	:: !sourceDown[i] && sourceCrashes[i] > 0 -> sourceCrashes[i]--; sourceDown[i] = true; source[i] = IDLE
	:: sourceDown[i] -> sourceDown[i] = false;
		if
		/* No move was begun. */
		:: sourceLog[i] == INTENDED -> cancel[i] = deal[i]; sourceEnds(i, false)
		:: sourceLog[i] == MOVING ->
#ifdef STARTS
			/* It believes its journal: the guest is this host's. */
			if
			:: here[i] != 1 -> here[i] = 1; over(i)
			:: else
			fi;
#endif
			source[i] = CHECKING; abort(i)
		:: else
		fi
	fi
}

/* A deal that ended here must not hold room there. */
inline cancelOld(i) {
	if
	:: source[i] == IDLE -> cancel[i] = armed[i]
	:: else
	fi
}

inline over(i) { move[i] = NONE; moveDeal[i] = 0 }

inline abort(i) {
	if
	:: move[i] == WANTED -> over(i)
	:: move[i] == ADMITTED || move[i] == COPYING -> over(i); at[i] = ABSENT
	:: skip /* too late, or it goes on */
	fi
}

inline frees(i) { hold[i] = FREE; holdDeal[i] = 0; holdLog[i] = FREE; used[i] = false }

#ifdef PERSON
inline needs(i) {
	check(8, here[i] != 0);
	hold[i] = STUCK; person[i] = true;
#ifdef NO_NEED
	holdLog[i] = FREE
#else
	holdLog[i] = STUCK
#endif
}
#endif

inline theTarget(i) {
	if
	:: !targetDown && ask[i] != 0 ->
		if
		:: hold[i] == FREE && at[i] == ABSENT && fits ->
			hold[i] = OFFERED; holdLog[i] = OFFERED; holdDeal[i] = ask[i]; used[i] = false; offer[i] = ask[i]
		:: else -> refuse[i] = ask[i]
		fi;
		took(ask[i])
	/* The time of an offer ends whenever it likes. */
	:: !targetDown && hold[i] == OFFERED -> frees(i)
	:: !targetDown && commit[i] != 0 ->
		if
		:: hold[i] == OFFERED && holdDeal[i] == commit[i] ->
			hold[i] = ARMED; armed[i] = commit[i];
#ifdef NO_SINGLE_USE
			everArmed[i] = commit[i];
#endif
#ifndef NO_ARMED
			holdLog[i] = ARMED
#endif
		:: hold[i] == ARMED && holdDeal[i] == commit[i] -> armed[i] = commit[i]
		:: else -> refuse[i] = commit[i]
		fi;
		took(commit[i])
	/* So does that of an armed hold, but not while its guest is on its way. */
#ifdef DROP_ARMED
	:: !targetDown && hold[i] == ARMED && at[i] != RUNS -> frees(i)
#else
#ifdef NO_DEADLINE
	/* It believes a source that says that its guest will come. */
	:: !targetDown && hold[i] == ARMED && at[i] == ABSENT && move[i] != ADMITTED && !(i == 0 && claims) -> frees(i)
#else
	:: !targetDown && hold[i] == ARMED && at[i] == ABSENT && move[i] != ADMITTED -> frees(i)
#endif
#endif
#ifdef PERSON
	:: !targetDown && hold[i] == SEEN && !sourceDown[i] && !told[i] && here[i] != 0 -> told[i] = true
	/* The time is up. 8: that both show it is said of what the source shows now. */
#ifdef OLD_NEWS
	:: !targetDown && hold[i] == SEEN && at[i] == RUNS && told[i] -> needs(i)
#else
	:: !targetDown && hold[i] == SEEN && at[i] == RUNS && told[i] && !sourceDown[i] && here[i] != 0 -> needs(i)
#endif
#ifndef NO_LIFT
	/* A later truth of the source. */
	:: !targetDown && hold[i] == STUCK && !sourceDown[i] && here[i] == 0 && at[i] == RUNS -> person[i] = false; frees(i)
#endif
#endif
	:: !targetDown && hold[i] == ARMED && at[i] == RUNS -> hold[i] = SEEN
	/* The guest was seen here; that it is gone there is asked, or the source is silent. */
	:: !targetDown && hold[i] == SEEN && at[i] == RUNS && here[i] == 0 -> frees(i)
	:: !targetDown && cancel[i] != 0 ->
		if
		:: hold[i] != FREE && holdDeal[i] == cancel[i] ->
			if
#ifdef FREE_BY_MESSAGE
			:: hold[i] != SEEN -> frees(i)
#else
			:: hold[i] == OFFERED || (hold[i] == ARMED && (!used[i] || (at[i] == ABSENT && move[i] != ADMITTED))) -> frees(i)
#endif
			:: else
			fi
		:: else
		fi;
		took(cancel[i])
	:: !targetDown && where[i] != 0 -> answer[i] = where[i]; answerPlace[i] = at[i]; took(where[i])
	fi
}

inline crashOfTarget() {
	if
	:: !targetDown && targetCrashes > 0 ->
		targetCrashes--; targetDown = true;
		hold[0] = FREE; hold[1] = FREE; used[0] = false; used[1] = false
	:: targetDown ->
		targetDown = false; revive(0); revive(1)
	fi
}

inline revive(i) {
	if
	:: holdLog[i] == ARMED -> hold[i] = ARMED; used[i] = true
	:: holdLog[i] == STUCK -> hold[i] = STUCK
	:: else ->
#ifdef PERSON
		/* 9: that a person is needed is not forgotten by a crash. */
		check(9, !person[i]);
#endif
		holdLog[i] = FREE; holdDeal[i] = 0
	fi
}

#ifdef NO_ARRIVAL
#define admits(i) true
#else
#ifdef NO_SINGLE_USE
#define admits(i) (!targetDown && everArmed[i] >= moveDeal[i])
#else
#ifdef NO_ROOM
#define admits(i) (!targetDown && hold[i] == ARMED && holdDeal[i] == moveDeal[i] && !used[i])
#else
#define admits(i) (!targetDown && hold[i] == ARMED && holdDeal[i] == moveDeal[i] && !used[i] && own + taken(1 - i) < ROOM)
#endif
#endif
#endif

inline platforms(i) {
	if
	:: move[i] == WANTED ->
		if
		:: admits(i) ->
			/* 4: no migration enters but by an armed hold of its deal. */
			check(4, hold[i] == ARMED && holdDeal[i] == moveDeal[i] && !used[i]);
			/* 7: nor where there is no room any more. */
			check(7, own + taken(1 - i) < ROOM);
			used[i] = true; move[i] = ADMITTED
		:: else -> over(i)
		fi
	:: move[i] == WANTED -> over(i)      /* it fails before */
	:: move[i] == ADMITTED -> move[i] = COPYING; at[i] = INCOMING
	:: move[i] == COPYING -> over(i); at[i] = ABSENT    /* it fails */
	:: move[i] == COPYING -> move[i] = SWITCHED; at[i] = RUNS; here[i] = 2
	:: move[i] == SWITCHED -> over(i); here[i] = 0
	fi
}

inline network(i) {
	if
	:: losses > 0 && ask[i] != 0 -> lose(ask[i])
	:: losses > 0 && offer[i] != 0 -> lose(offer[i])
	:: losses > 0 && commit[i] != 0 -> lose(commit[i])
	:: losses > 0 && armed[i] != 0 -> lose(armed[i])
	:: losses > 0 && refuse[i] != 0 -> lose(refuse[i])
	:: losses > 0 && cancel[i] != 0 -> lose(cancel[i])
	:: losses > 0 && where[i] != 0 -> lose(where[i])
	:: losses > 0 && answer[i] != 0 -> lose(answer[i]); answerPlace[i] = 0
	fi
}

#define ended (source[0] == IDLE && source[1] == IDLE && hold[0] == FREE && hold[1] == FREE && move[0] == NONE && move[1] == NONE)

active proctype world() {
	here[0] = 1; here[1] = 1;
end:	do
	:: atomic { oneSource(0); once(0); room() }
	:: atomic { oneSource(1); once(1); room() }
	:: atomic { theTarget(0); room() }
	:: atomic { theTarget(1); room() }
	:: atomic { crashOfTarget(); room() }
	:: atomic { platforms(0); once(0); room() }
	:: atomic { platforms(1); once(1); room() }
#ifdef OWNER
	:: atomic { own == 0 -> own = 1 }
#endif
	:: atomic { network(0) }
	:: atomic { network(1) }
	/* 5: where nothing can happen any more every deal has ended and every
	   hold is free. */
	:: timeout -> check(5, ended); break
	od
}
