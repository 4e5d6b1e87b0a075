#define rand	pan_rand
#define pthread_equal(a,b)	((a)==(b))
#if defined(HAS_CODE) && defined(VERBOSE)
	#ifdef BFS_PAR
		bfs_printf("Pr: %d Tr: %d\n", II, t->forw);
	#else
		cpu_printf("Pr: %d Tr: %d\n", II, t->forw);
	#endif
#endif
	switch (t->forw) {
	default: Uerror("bad forward move");
	case 0:	/* if without executable clauses */
		continue;
	case 1: /* generic 'goto' or 'skip' */
		IfNotBlocked
		_m = 3; goto P999;
	case 2: /* generic 'else' */
		IfNotBlocked
		if (trpt->o_pm&1) continue;
		_m = 3; goto P999;

		 /* PROC world */
	case 3: // STATE 1 - deal.pml:345 - [here[0] = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1] = 1;
		(trpt+1)->bup.oval = ((int)now.here[0]);
		now.here[0] = 1;
#ifdef VAR_RANGES
		logval("here[0]", ((int)now.here[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 4: // STATE 2 - deal.pml:345 - [here[1] = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][2] = 1;
		(trpt+1)->bup.oval = ((int)now.here[1]);
		now.here[1] = 1;
#ifdef VAR_RANGES
		logval("here[1]", ((int)now.here[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 5: // STATE 3 - deal.pml:137 - [(((((source[0]==0)&&!(sourceDown[0]))&&(deal[0]<( ((0==0)) -> (2) : (1) )))&&(here[0]==1)))] (184:0:3 - 1)
		IfNotBlocked
		reached[0][3] = 1;
		if (!(((((((int)now.source[0])==0)&& !(((int)now.sourceDown[0])))&&(((int)now.deal[0])<( ((0==0)) ? (2) : (1) )))&&(((int)now.here[0])==1))))
			continue;
		/* merge: assert(((3!=2)||(move[0]==0)))(184, 4, 184) */
		reached[0][4] = 1;
		spin_assert(((3!=2)||(((int)now.move[0])==0)), "((3!=2)||(move[0]==0))", II, tt, t);
		/* merge: deal[0] = (deal[0]+1)(184, 5, 184) */
		reached[0][5] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.deal[0]);
		now.deal[0] = (((int)now.deal[0])+1);
#ifdef VAR_RANGES
		logval("deal[0]", ((int)now.deal[0]));
#endif
		;
		/* merge: source[0] = 1(184, 6, 184) */
		reached[0][6] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.source[0]);
		now.source[0] = 1;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: ask[0] = deal[0](184, 7, 184) */
		reached[0][7] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.ask[0]);
		now.ask[0] = ((int)now.deal[0]);
#ifdef VAR_RANGES
		logval("ask[0]", ((int)now.ask[0]));
#endif
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 6: // STATE 8 - deal.pml:140 - [((((source[0]==1)&&!(sourceDown[0]))&&(offer[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][8] = 1;
		if (!((((((int)now.source[0])==1)&& !(((int)now.sourceDown[0])))&&(((int)now.offer[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 7: // STATE 9 - deal.pml:142 - [((offer[0]==deal[0]))] (21:0:3 - 1)
		IfNotBlocked
		reached[0][9] = 1;
		if (!((((int)now.offer[0])==((int)now.deal[0]))))
			continue;
		/* merge: source[0] = 2(21, 10, 21) */
		reached[0][10] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.source[0]);
		now.source[0] = 2;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: sourceLog[0] = 2(21, 11, 21) */
		reached[0][11] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[0]);
		now.sourceLog[0] = 2;
#ifdef VAR_RANGES
		logval("sourceLog[0]", ((int)now.sourceLog[0]));
#endif
		;
		/* merge: commit[0] = deal[0](21, 12, 21) */
		reached[0][12] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.commit[0]);
		now.commit[0] = ((int)now.deal[0]);
#ifdef VAR_RANGES
		logval("commit[0]", ((int)now.commit[0]));
#endif
		;
		/* merge: .(goto)(0, 15, 21) */
		reached[0][15] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 8: // STATE 16 - deal.pml:89 - [((doubles>0))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][16] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 17, 184) */
		reached[0][17] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 20, 184) */
		reached[0][20] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 9: // STATE 18 - deal.pml:90 - [offer[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][18] = 1;
		(trpt+1)->bup.oval = ((int)now.offer[0]);
		now.offer[0] = 0;
#ifdef VAR_RANGES
		logval("offer[0]", ((int)now.offer[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 10: // STATE 22 - deal.pml:152 - [((((source[0]==1)&&!(sourceDown[0]))&&(((((((ask[0]==0)&&(offer[0]==0))&&(commit[0]==0))&&(armed[0]==0))&&(refuse[0]==0))&&(where[0]==0))&&(answer[0]==0))))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][22] = 1;
		if (!((((((int)now.source[0])==1)&& !(((int)now.sourceDown[0])))&&(((((((((int)now.ask[0])==0)&&(((int)now.offer[0])==0))&&(((int)now.commit[0])==0))&&(((int)now.armed[0])==0))&&(((int)now.refuse[0])==0))&&(((int)now.where[0])==0))&&(((int)now.answer[0])==0)))))
			continue;
		/* merge: source[0] = 0(0, 23, 184) */
		reached[0][23] = 1;
		(trpt+1)->bup.oval = ((int)now.source[0]);
		now.source[0] = 0;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 11: // STATE 24 - deal.pml:153 - [((((source[0]==2)&&!(sourceDown[0]))&&(armed[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][24] = 1;
		if (!((((((int)now.source[0])==2)&& !(((int)now.sourceDown[0])))&&(((int)now.armed[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 12: // STATE 25 - deal.pml:155 - [((((armed[0]==deal[0])&&(here[0]==1))&&(move[0]==0)))] (38:0:4 - 1)
		IfNotBlocked
		reached[0][25] = 1;
		if (!((((((int)now.armed[0])==((int)now.deal[0]))&&(((int)now.here[0])==1))&&(((int)now.move[0])==0))))
			continue;
		/* merge: source[0] = 3(38, 26, 38) */
		reached[0][26] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.source[0]);
		now.source[0] = 3;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: sourceLog[0] = 3(38, 27, 38) */
		reached[0][27] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[0]);
		now.sourceLog[0] = 3;
#ifdef VAR_RANGES
		logval("sourceLog[0]", ((int)now.sourceLog[0]));
#endif
		;
		/* merge: move[0] = 1(38, 28, 38) */
		reached[0][28] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.move[0]);
		now.move[0] = 1;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = deal[0](38, 29, 38) */
		reached[0][29] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = ((int)now.deal[0]);
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: .(goto)(0, 32, 38) */
		reached[0][32] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 13: // STATE 33 - deal.pml:89 - [((doubles>0))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][33] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 34, 184) */
		reached[0][34] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 37, 184) */
		reached[0][37] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 14: // STATE 35 - deal.pml:90 - [armed[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][35] = 1;
		(trpt+1)->bup.oval = ((int)now.armed[0]);
		now.armed[0] = 0;
#ifdef VAR_RANGES
		logval("armed[0]", ((int)now.armed[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 15: // STATE 39 - deal.pml:164 - [(((((source[0]==1)||(source[0]==2))&&!(sourceDown[0]))&&(refuse[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][39] = 1;
		if (!(((((((int)now.source[0])==1)||(((int)now.source[0])==2))&& !(((int)now.sourceDown[0])))&&(((int)now.refuse[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 16: // STATE 40 - deal.pml:166 - [(((refuse[0]==deal[0])&&(source[0]==1)))] (55:0:1 - 1)
		IfNotBlocked
		reached[0][40] = 1;
		if (!(((((int)now.refuse[0])==((int)now.deal[0]))&&(((int)now.source[0])==1))))
			continue;
		/* merge: source[0] = 0(0, 41, 55) */
		reached[0][41] = 1;
		(trpt+1)->bup.oval = ((int)now.source[0]);
		now.source[0] = 0;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: .(goto)(0, 49, 55) */
		reached[0][49] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 17: // STATE 42 - deal.pml:167 - [(((refuse[0]==deal[0])&&(source[0]==2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][42] = 1;
		if (!(((((int)now.refuse[0])==((int)now.deal[0]))&&(((int)now.source[0])==2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 18: // STATE 43 - deal.pml:128 - [assert(((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||((!(0)&&(here[0]==1))&&(move[0]==0)))))] (0:55:2 - 1)
		IfNotBlocked
		reached[0][43] = 1;
		spin_assert(((3!=6)||(((0&&(((int)now.at[0])==2))&&(((int)now.here[0])==0))||(( !(0)&&(((int)now.here[0])==1))&&(((int)now.move[0])==0)))), "((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||(( !(0)&&(here[0]==1))&&(move[0]==0))))", II, tt, t);
		/* merge: source[0] = 0(55, 44, 55) */
		reached[0][44] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[0]);
		now.source[0] = 0;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: sourceLog[0] = 0(55, 45, 55) */
		reached[0][45] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[0]);
		now.sourceLog[0] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[0]", ((int)now.sourceLog[0]));
#endif
		;
		/* merge: .(goto)(0, 49, 55) */
		reached[0][49] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 19: // STATE 50 - deal.pml:89 - [((doubles>0))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][50] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 51, 184) */
		reached[0][51] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 54, 184) */
		reached[0][54] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 20: // STATE 52 - deal.pml:90 - [refuse[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][52] = 1;
		(trpt+1)->bup.oval = ((int)now.refuse[0]);
		now.refuse[0] = 0;
#ifdef VAR_RANGES
		logval("refuse[0]", ((int)now.refuse[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 21: // STATE 56 - deal.pml:172 - [((((source[0]==2)&&!(sourceDown[0]))&&(((((((ask[0]==0)&&(offer[0]==0))&&(commit[0]==0))&&(armed[0]==0))&&(refuse[0]==0))&&(where[0]==0))&&(answer[0]==0))))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][56] = 1;
		if (!((((((int)now.source[0])==2)&& !(((int)now.sourceDown[0])))&&(((((((((int)now.ask[0])==0)&&(((int)now.offer[0])==0))&&(((int)now.commit[0])==0))&&(((int)now.armed[0])==0))&&(((int)now.refuse[0])==0))&&(((int)now.where[0])==0))&&(((int)now.answer[0])==0)))))
			continue;
		/* merge: commit[0] = deal[0](0, 57, 184) */
		reached[0][57] = 1;
		(trpt+1)->bup.oval = ((int)now.commit[0]);
		now.commit[0] = ((int)now.deal[0]);
#ifdef VAR_RANGES
		logval("commit[0]", ((int)now.commit[0]));
#endif
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 22: // STATE 58 - deal.pml:173 - [(((source[0]==2)&&!(sourceDown[0])))] (63:0:1 - 1)
		IfNotBlocked
		reached[0][58] = 1;
		if (!(((((int)now.source[0])==2)&& !(((int)now.sourceDown[0])))))
			continue;
		/* merge: cancel[0] = deal[0](0, 59, 63) */
		reached[0][59] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[0]);
		now.cancel[0] = ((int)now.deal[0]);
#ifdef VAR_RANGES
		logval("cancel[0]", ((int)now.cancel[0]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 23: // STATE 60 - deal.pml:128 - [assert(((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||((!(0)&&(here[0]==1))&&(move[0]==0)))))] (0:184:2 - 1)
		IfNotBlocked
		reached[0][60] = 1;
		spin_assert(((3!=6)||(((0&&(((int)now.at[0])==2))&&(((int)now.here[0])==0))||(( !(0)&&(((int)now.here[0])==1))&&(((int)now.move[0])==0)))), "((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||(( !(0)&&(here[0]==1))&&(move[0]==0))))", II, tt, t);
		/* merge: source[0] = 0(184, 61, 184) */
		reached[0][61] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[0]);
		now.source[0] = 0;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: sourceLog[0] = 0(184, 62, 184) */
		reached[0][62] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[0]);
		now.sourceLog[0] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[0]", ((int)now.sourceLog[0]));
#endif
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 24: // STATE 64 - deal.pml:176 - [((((source[0]==3)&&!(sourceDown[0]))&&(move[0]==0)))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][64] = 1;
		if (!((((((int)now.source[0])==3)&& !(((int)now.sourceDown[0])))&&(((int)now.move[0])==0))))
			continue;
		/* merge: source[0] = 4(0, 65, 184) */
		reached[0][65] = 1;
		(trpt+1)->bup.oval = ((int)now.source[0]);
		now.source[0] = 4;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 25: // STATE 66 - deal.pml:177 - [((((source[0]==3)&&!(sourceDown[0]))&&(move[0]!=0)))] (80:0:1 - 1)
		IfNotBlocked
		reached[0][66] = 1;
		if (!((((((int)now.source[0])==3)&& !(((int)now.sourceDown[0])))&&(((int)now.move[0])!=0))))
			continue;
		/* merge: source[0] = 4(0, 67, 80) */
		reached[0][67] = 1;
		(trpt+1)->bup.oval = ((int)now.source[0]);
		now.source[0] = 4;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 26: // STATE 68 - deal.pml:224 - [((move[0]==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][68] = 1;
		if (!((((int)now.move[0])==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 27: // STATE 69 - deal.pml:220 - [move[0] = 0] (0:184:2 - 1)
		IfNotBlocked
		reached[0][69] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 0;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = 0(184, 70, 184) */
		reached[0][70] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: .(goto)(0, 79, 184) */
		reached[0][79] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 28: // STATE 72 - deal.pml:225 - [(((move[0]==2)||(move[0]==3)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][72] = 1;
		if (!(((((int)now.move[0])==2)||(((int)now.move[0])==3))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 29: // STATE 73 - deal.pml:220 - [move[0] = 0] (0:184:3 - 1)
		IfNotBlocked
		reached[0][73] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 0;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = 0(184, 74, 184) */
		reached[0][74] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: at[0] = 0(184, 76, 184) */
		reached[0][76] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.at[0]);
		now.at[0] = 0;
#ifdef VAR_RANGES
		logval("at[0]", ((int)now.at[0]));
#endif
		;
		/* merge: .(goto)(0, 79, 184) */
		reached[0][79] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 30: // STATE 81 - deal.pml:178 - [((((((source[0]==4)&&!(sourceDown[0]))&&(move[0]==0))&&(where[0]==0))&&(answer[0]==0)))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][81] = 1;
		if (!((((((((int)now.source[0])==4)&& !(((int)now.sourceDown[0])))&&(((int)now.move[0])==0))&&(((int)now.where[0])==0))&&(((int)now.answer[0])==0))))
			continue;
		/* merge: where[0] = deal[0](0, 82, 184) */
		reached[0][82] = 1;
		(trpt+1)->bup.oval = ((int)now.where[0]);
		now.where[0] = ((int)now.deal[0]);
#ifdef VAR_RANGES
		logval("where[0]", ((int)now.where[0]));
#endif
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 31: // STATE 83 - deal.pml:179 - [((((source[0]==4)&&!(sourceDown[0]))&&(answer[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][83] = 1;
		if (!((((((int)now.source[0])==4)&& !(((int)now.sourceDown[0])))&&(((int)now.answer[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 32: // STATE 84 - deal.pml:182 - [(((((answer[0]==deal[0])&&(move[0]==0))&&(here[0]==0))&&(answerPlace[0]==2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][84] = 1;
		if (!(((((((int)now.answer[0])==((int)now.deal[0]))&&(((int)now.move[0])==0))&&(((int)now.here[0])==0))&&(((int)now.answerPlace[0])==2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 33: // STATE 85 - deal.pml:128 - [assert(((3!=6)||(((1&&(at[0]==2))&&(here[0]==0))||((!(1)&&(here[0]==1))&&(move[0]==0)))))] (0:109:2 - 1)
		IfNotBlocked
		reached[0][85] = 1;
		spin_assert(((3!=6)||(((1&&(((int)now.at[0])==2))&&(((int)now.here[0])==0))||(( !(1)&&(((int)now.here[0])==1))&&(((int)now.move[0])==0)))), "((3!=6)||(((1&&(at[0]==2))&&(here[0]==0))||(( !(1)&&(here[0]==1))&&(move[0]==0))))", II, tt, t);
		/* merge: source[0] = 0(109, 86, 109) */
		reached[0][86] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[0]);
		now.source[0] = 0;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: sourceLog[0] = 0(109, 87, 109) */
		reached[0][87] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[0]);
		now.sourceLog[0] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[0]", ((int)now.sourceLog[0]));
#endif
		;
		/* merge: .(goto)(0, 97, 109) */
		reached[0][97] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 34: // STATE 89 - deal.pml:183 - [(((((answer[0]==deal[0])&&(move[0]==0))&&(here[0]==1))&&(answerPlace[0]==0)))] (94:0:1 - 1)
		IfNotBlocked
		reached[0][89] = 1;
		if (!(((((((int)now.answer[0])==((int)now.deal[0]))&&(((int)now.move[0])==0))&&(((int)now.here[0])==1))&&(((int)now.answerPlace[0])==0))))
			continue;
		/* merge: cancel[0] = deal[0](0, 90, 94) */
		reached[0][90] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[0]);
		now.cancel[0] = ((int)now.deal[0]);
#ifdef VAR_RANGES
		logval("cancel[0]", ((int)now.cancel[0]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 35: // STATE 91 - deal.pml:128 - [assert(((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||((!(0)&&(here[0]==1))&&(move[0]==0)))))] (0:109:2 - 1)
		IfNotBlocked
		reached[0][91] = 1;
		spin_assert(((3!=6)||(((0&&(((int)now.at[0])==2))&&(((int)now.here[0])==0))||(( !(0)&&(((int)now.here[0])==1))&&(((int)now.move[0])==0)))), "((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||(( !(0)&&(here[0]==1))&&(move[0]==0))))", II, tt, t);
		/* merge: source[0] = 0(109, 92, 109) */
		reached[0][92] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[0]);
		now.source[0] = 0;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: sourceLog[0] = 0(109, 93, 109) */
		reached[0][93] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[0]);
		now.sourceLog[0] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[0]", ((int)now.sourceLog[0]));
#endif
		;
		/* merge: .(goto)(0, 97, 109) */
		reached[0][97] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 36: // STATE 98 - deal.pml:89 - [((doubles>0))] (107:0:1 - 1)
		IfNotBlocked
		reached[0][98] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 99, 107) */
		reached[0][99] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 102, 107) */
		reached[0][102] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 37: // STATE 100 - deal.pml:90 - [answer[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][100] = 1;
		(trpt+1)->bup.oval = ((int)now.answer[0]);
		now.answer[0] = 0;
#ifdef VAR_RANGES
		logval("answer[0]", ((int)now.answer[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 38: // STATE 104 - deal.pml:97 - [((answer[0]==0))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][104] = 1;
		if (!((((int)now.answer[0])==0)))
			continue;
		/* merge: answerPlace[0] = 0(0, 105, 184) */
		reached[0][105] = 1;
		(trpt+1)->bup.oval = ((int)now.answerPlace[0]);
		now.answerPlace[0] = 0;
#ifdef VAR_RANGES
		logval("answerPlace[0]", ((int)now.answerPlace[0]));
#endif
		;
		/* merge: .(goto)(0, 108, 184) */
		reached[0][108] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 39: // STATE 110 - deal.pml:188 - [((((source[0]!=1)&&!(sourceDown[0]))&&(offer[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][110] = 1;
		if (!((((((int)now.source[0])!=1)&& !(((int)now.sourceDown[0])))&&(((int)now.offer[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 40: // STATE 111 - deal.pml:89 - [((doubles>0))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][111] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 112, 184) */
		reached[0][112] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 115, 184) */
		reached[0][115] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 41: // STATE 113 - deal.pml:90 - [offer[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][113] = 1;
		(trpt+1)->bup.oval = ((int)now.offer[0]);
		now.offer[0] = 0;
#ifdef VAR_RANGES
		logval("offer[0]", ((int)now.offer[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 42: // STATE 117 - deal.pml:189 - [((((source[0]!=2)&&!(sourceDown[0]))&&(armed[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][117] = 1;
		if (!((((((int)now.source[0])!=2)&& !(((int)now.sourceDown[0])))&&(((int)now.armed[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 43: // STATE 118 - deal.pml:215 - [((source[0]==0))] (129:0:1 - 1)
		IfNotBlocked
		reached[0][118] = 1;
		if (!((((int)now.source[0])==0)))
			continue;
		/* merge: cancel[0] = armed[0](0, 119, 129) */
		reached[0][119] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[0]);
		now.cancel[0] = ((int)now.armed[0]);
#ifdef VAR_RANGES
		logval("cancel[0]", ((int)now.cancel[0]));
#endif
		;
		/* merge: .(goto)(0, 122, 129) */
		reached[0][122] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 44: // STATE 124 - deal.pml:89 - [((doubles>0))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][124] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 125, 184) */
		reached[0][125] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 128, 184) */
		reached[0][128] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 45: // STATE 126 - deal.pml:90 - [armed[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][126] = 1;
		(trpt+1)->bup.oval = ((int)now.armed[0]);
		now.armed[0] = 0;
#ifdef VAR_RANGES
		logval("armed[0]", ((int)now.armed[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 46: // STATE 130 - deal.pml:190 - [(((((source[0]!=1)&&(source[0]!=2))&&!(sourceDown[0]))&&(refuse[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][130] = 1;
		if (!(((((((int)now.source[0])!=1)&&(((int)now.source[0])!=2))&& !(((int)now.sourceDown[0])))&&(((int)now.refuse[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 47: // STATE 131 - deal.pml:89 - [((doubles>0))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][131] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 132, 184) */
		reached[0][132] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 135, 184) */
		reached[0][135] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 48: // STATE 133 - deal.pml:90 - [refuse[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][133] = 1;
		(trpt+1)->bup.oval = ((int)now.refuse[0]);
		now.refuse[0] = 0;
#ifdef VAR_RANGES
		logval("refuse[0]", ((int)now.refuse[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 49: // STATE 137 - deal.pml:191 - [((((source[0]!=4)&&!(sourceDown[0]))&&(answer[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][137] = 1;
		if (!((((((int)now.source[0])!=4)&& !(((int)now.sourceDown[0])))&&(((int)now.answer[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 50: // STATE 138 - deal.pml:89 - [((doubles>0))] (147:0:1 - 1)
		IfNotBlocked
		reached[0][138] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 139, 147) */
		reached[0][139] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 142, 147) */
		reached[0][142] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 51: // STATE 140 - deal.pml:90 - [answer[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][140] = 1;
		(trpt+1)->bup.oval = ((int)now.answer[0]);
		now.answer[0] = 0;
#ifdef VAR_RANGES
		logval("answer[0]", ((int)now.answer[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 52: // STATE 144 - deal.pml:97 - [((answer[0]==0))] (184:0:1 - 1)
		IfNotBlocked
		reached[0][144] = 1;
		if (!((((int)now.answer[0])==0)))
			continue;
		/* merge: answerPlace[0] = 0(0, 145, 184) */
		reached[0][145] = 1;
		(trpt+1)->bup.oval = ((int)now.answerPlace[0]);
		now.answerPlace[0] = 0;
#ifdef VAR_RANGES
		logval("answerPlace[0]", ((int)now.answerPlace[0]));
#endif
		;
		/* merge: .(goto)(0, 148, 184) */
		reached[0][148] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 53: // STATE 150 - deal.pml:193 - [((!(sourceDown[0])&&(sourceCrashes[0]>0)))] (184:0:3 - 1)
		IfNotBlocked
		reached[0][150] = 1;
		if (!(( !(((int)now.sourceDown[0]))&&(((int)now.sourceCrashes[0])>0))))
			continue;
		/* merge: sourceCrashes[0] = (sourceCrashes[0]-1)(184, 151, 184) */
		reached[0][151] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.sourceCrashes[0]);
		now.sourceCrashes[0] = (((int)now.sourceCrashes[0])-1);
#ifdef VAR_RANGES
		logval("sourceCrashes[0]", ((int)now.sourceCrashes[0]));
#endif
		;
		/* merge: sourceDown[0] = 1(184, 152, 184) */
		reached[0][152] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceDown[0]);
		now.sourceDown[0] = 1;
#ifdef VAR_RANGES
		logval("sourceDown[0]", ((int)now.sourceDown[0]));
#endif
		;
		/* merge: source[0] = 0(184, 153, 184) */
		reached[0][153] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.source[0]);
		now.source[0] = 0;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 54: // STATE 154 - deal.pml:194 - [(sourceDown[0])] (178:0:1 - 1)
		IfNotBlocked
		reached[0][154] = 1;
		if (!(((int)now.sourceDown[0])))
			continue;
		/* merge: sourceDown[0] = 0(0, 155, 178) */
		reached[0][155] = 1;
		(trpt+1)->bup.oval = ((int)now.sourceDown[0]);
		now.sourceDown[0] = 0;
#ifdef VAR_RANGES
		logval("sourceDown[0]", ((int)now.sourceDown[0]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 55: // STATE 156 - deal.pml:197 - [((sourceLog[0]==2))] (161:0:1 - 1)
		IfNotBlocked
		reached[0][156] = 1;
		if (!((((int)now.sourceLog[0])==2)))
			continue;
		/* merge: cancel[0] = deal[0](0, 157, 161) */
		reached[0][157] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[0]);
		now.cancel[0] = ((int)now.deal[0]);
#ifdef VAR_RANGES
		logval("cancel[0]", ((int)now.cancel[0]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 56: // STATE 158 - deal.pml:128 - [assert(((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||((!(0)&&(here[0]==1))&&(move[0]==0)))))] (0:184:2 - 1)
		IfNotBlocked
		reached[0][158] = 1;
		spin_assert(((3!=6)||(((0&&(((int)now.at[0])==2))&&(((int)now.here[0])==0))||(( !(0)&&(((int)now.here[0])==1))&&(((int)now.move[0])==0)))), "((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||(( !(0)&&(here[0]==1))&&(move[0]==0))))", II, tt, t);
		/* merge: source[0] = 0(184, 159, 184) */
		reached[0][159] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[0]);
		now.source[0] = 0;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		/* merge: sourceLog[0] = 0(184, 160, 184) */
		reached[0][160] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[0]);
		now.sourceLog[0] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[0]", ((int)now.sourceLog[0]));
#endif
		;
		/* merge: .(goto)(0, 179, 184) */
		reached[0][179] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 57: // STATE 162 - deal.pml:198 - [((sourceLog[0]==3))] (176:0:1 - 1)
		IfNotBlocked
		reached[0][162] = 1;
		if (!((((int)now.sourceLog[0])==3)))
			continue;
		/* merge: source[0] = 4(0, 163, 176) */
		reached[0][163] = 1;
		(trpt+1)->bup.oval = ((int)now.source[0]);
		now.source[0] = 4;
#ifdef VAR_RANGES
		logval("source[0]", ((int)now.source[0]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 58: // STATE 164 - deal.pml:224 - [((move[0]==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][164] = 1;
		if (!((((int)now.move[0])==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 59: // STATE 165 - deal.pml:220 - [move[0] = 0] (0:184:2 - 1)
		IfNotBlocked
		reached[0][165] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 0;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = 0(184, 166, 184) */
		reached[0][166] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: .(goto)(0, 175, 184) */
		reached[0][175] = 1;
		;
		/* merge: .(goto)(0, 179, 184) */
		reached[0][179] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 60: // STATE 168 - deal.pml:225 - [(((move[0]==2)||(move[0]==3)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][168] = 1;
		if (!(((((int)now.move[0])==2)||(((int)now.move[0])==3))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 61: // STATE 169 - deal.pml:220 - [move[0] = 0] (0:184:3 - 1)
		IfNotBlocked
		reached[0][169] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 0;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = 0(184, 170, 184) */
		reached[0][170] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: at[0] = 0(184, 172, 184) */
		reached[0][172] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.at[0]);
		now.at[0] = 0;
#ifdef VAR_RANGES
		logval("at[0]", ((int)now.at[0]));
#endif
		;
		/* merge: .(goto)(0, 175, 184) */
		reached[0][175] = 1;
		;
		/* merge: .(goto)(0, 179, 184) */
		reached[0][179] = 1;
		;
		/* merge: .(goto)(0, 181, 184) */
		reached[0][181] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 62: // STATE 183 - deal.pml:122 - [assert(((3!=1)||(((here[0]==1)+(at[0]==2))==1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][183] = 1;
		spin_assert(((3!=1)||(((((int)now.here[0])==1)+(((int)now.at[0])==2))==1)), "((3!=1)||(((here[0]==1)+(at[0]==2))==1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 63: // STATE 185 - deal.pml:117 - [assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][185] = 1;
		spin_assert(((3!=3)||((( ((((((int)now.at[0])!=0)||(((int)now.move[0])==2))||((((int)now.hold[0])==2)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( ((((((int)now.at[1])!=0)||(((int)now.move[1])==2))||((((int)now.hold[1])==2)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<=1)), "((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) ? (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) ? (1) : (0) ))<=1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 64: // STATE 188 - deal.pml:137 - [(((((source[1]==0)&&!(sourceDown[1]))&&(deal[1]<( ((1==0)) -> (2) : (1) )))&&(here[1]==1)))] (369:0:3 - 1)
		IfNotBlocked
		reached[0][188] = 1;
		if (!(((((((int)now.source[1])==0)&& !(((int)now.sourceDown[1])))&&(((int)now.deal[1])<( ((1==0)) ? (2) : (1) )))&&(((int)now.here[1])==1))))
			continue;
		/* merge: assert(((3!=2)||(move[1]==0)))(369, 189, 369) */
		reached[0][189] = 1;
		spin_assert(((3!=2)||(((int)now.move[1])==0)), "((3!=2)||(move[1]==0))", II, tt, t);
		/* merge: deal[1] = (deal[1]+1)(369, 190, 369) */
		reached[0][190] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.deal[1]);
		now.deal[1] = (((int)now.deal[1])+1);
#ifdef VAR_RANGES
		logval("deal[1]", ((int)now.deal[1]));
#endif
		;
		/* merge: source[1] = 1(369, 191, 369) */
		reached[0][191] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.source[1]);
		now.source[1] = 1;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: ask[1] = deal[1](369, 192, 369) */
		reached[0][192] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.ask[1]);
		now.ask[1] = ((int)now.deal[1]);
#ifdef VAR_RANGES
		logval("ask[1]", ((int)now.ask[1]));
#endif
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 65: // STATE 193 - deal.pml:140 - [((((source[1]==1)&&!(sourceDown[1]))&&(offer[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][193] = 1;
		if (!((((((int)now.source[1])==1)&& !(((int)now.sourceDown[1])))&&(((int)now.offer[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 66: // STATE 194 - deal.pml:142 - [((offer[1]==deal[1]))] (206:0:3 - 1)
		IfNotBlocked
		reached[0][194] = 1;
		if (!((((int)now.offer[1])==((int)now.deal[1]))))
			continue;
		/* merge: source[1] = 2(206, 195, 206) */
		reached[0][195] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.source[1]);
		now.source[1] = 2;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: sourceLog[1] = 2(206, 196, 206) */
		reached[0][196] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[1]);
		now.sourceLog[1] = 2;
#ifdef VAR_RANGES
		logval("sourceLog[1]", ((int)now.sourceLog[1]));
#endif
		;
		/* merge: commit[1] = deal[1](206, 197, 206) */
		reached[0][197] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.commit[1]);
		now.commit[1] = ((int)now.deal[1]);
#ifdef VAR_RANGES
		logval("commit[1]", ((int)now.commit[1]));
#endif
		;
		/* merge: .(goto)(0, 200, 206) */
		reached[0][200] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 67: // STATE 201 - deal.pml:89 - [((doubles>0))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][201] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 202, 369) */
		reached[0][202] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 205, 369) */
		reached[0][205] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 68: // STATE 203 - deal.pml:90 - [offer[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][203] = 1;
		(trpt+1)->bup.oval = ((int)now.offer[1]);
		now.offer[1] = 0;
#ifdef VAR_RANGES
		logval("offer[1]", ((int)now.offer[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 69: // STATE 207 - deal.pml:152 - [((((source[1]==1)&&!(sourceDown[1]))&&(((((((ask[1]==0)&&(offer[1]==0))&&(commit[1]==0))&&(armed[1]==0))&&(refuse[1]==0))&&(where[1]==0))&&(answer[1]==0))))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][207] = 1;
		if (!((((((int)now.source[1])==1)&& !(((int)now.sourceDown[1])))&&(((((((((int)now.ask[1])==0)&&(((int)now.offer[1])==0))&&(((int)now.commit[1])==0))&&(((int)now.armed[1])==0))&&(((int)now.refuse[1])==0))&&(((int)now.where[1])==0))&&(((int)now.answer[1])==0)))))
			continue;
		/* merge: source[1] = 0(0, 208, 369) */
		reached[0][208] = 1;
		(trpt+1)->bup.oval = ((int)now.source[1]);
		now.source[1] = 0;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 70: // STATE 209 - deal.pml:153 - [((((source[1]==2)&&!(sourceDown[1]))&&(armed[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][209] = 1;
		if (!((((((int)now.source[1])==2)&& !(((int)now.sourceDown[1])))&&(((int)now.armed[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 71: // STATE 210 - deal.pml:155 - [((((armed[1]==deal[1])&&(here[1]==1))&&(move[1]==0)))] (223:0:4 - 1)
		IfNotBlocked
		reached[0][210] = 1;
		if (!((((((int)now.armed[1])==((int)now.deal[1]))&&(((int)now.here[1])==1))&&(((int)now.move[1])==0))))
			continue;
		/* merge: source[1] = 3(223, 211, 223) */
		reached[0][211] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.source[1]);
		now.source[1] = 3;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: sourceLog[1] = 3(223, 212, 223) */
		reached[0][212] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[1]);
		now.sourceLog[1] = 3;
#ifdef VAR_RANGES
		logval("sourceLog[1]", ((int)now.sourceLog[1]));
#endif
		;
		/* merge: move[1] = 1(223, 213, 223) */
		reached[0][213] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.move[1]);
		now.move[1] = 1;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = deal[1](223, 214, 223) */
		reached[0][214] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = ((int)now.deal[1]);
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: .(goto)(0, 217, 223) */
		reached[0][217] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 72: // STATE 218 - deal.pml:89 - [((doubles>0))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][218] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 219, 369) */
		reached[0][219] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 222, 369) */
		reached[0][222] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 73: // STATE 220 - deal.pml:90 - [armed[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][220] = 1;
		(trpt+1)->bup.oval = ((int)now.armed[1]);
		now.armed[1] = 0;
#ifdef VAR_RANGES
		logval("armed[1]", ((int)now.armed[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 74: // STATE 224 - deal.pml:164 - [(((((source[1]==1)||(source[1]==2))&&!(sourceDown[1]))&&(refuse[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][224] = 1;
		if (!(((((((int)now.source[1])==1)||(((int)now.source[1])==2))&& !(((int)now.sourceDown[1])))&&(((int)now.refuse[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 75: // STATE 225 - deal.pml:166 - [(((refuse[1]==deal[1])&&(source[1]==1)))] (240:0:1 - 1)
		IfNotBlocked
		reached[0][225] = 1;
		if (!(((((int)now.refuse[1])==((int)now.deal[1]))&&(((int)now.source[1])==1))))
			continue;
		/* merge: source[1] = 0(0, 226, 240) */
		reached[0][226] = 1;
		(trpt+1)->bup.oval = ((int)now.source[1]);
		now.source[1] = 0;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: .(goto)(0, 234, 240) */
		reached[0][234] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 76: // STATE 227 - deal.pml:167 - [(((refuse[1]==deal[1])&&(source[1]==2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][227] = 1;
		if (!(((((int)now.refuse[1])==((int)now.deal[1]))&&(((int)now.source[1])==2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 77: // STATE 228 - deal.pml:128 - [assert(((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||((!(0)&&(here[1]==1))&&(move[1]==0)))))] (0:240:2 - 1)
		IfNotBlocked
		reached[0][228] = 1;
		spin_assert(((3!=6)||(((0&&(((int)now.at[1])==2))&&(((int)now.here[1])==0))||(( !(0)&&(((int)now.here[1])==1))&&(((int)now.move[1])==0)))), "((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||(( !(0)&&(here[1]==1))&&(move[1]==0))))", II, tt, t);
		/* merge: source[1] = 0(240, 229, 240) */
		reached[0][229] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[1]);
		now.source[1] = 0;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: sourceLog[1] = 0(240, 230, 240) */
		reached[0][230] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[1]);
		now.sourceLog[1] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[1]", ((int)now.sourceLog[1]));
#endif
		;
		/* merge: .(goto)(0, 234, 240) */
		reached[0][234] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 78: // STATE 235 - deal.pml:89 - [((doubles>0))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][235] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 236, 369) */
		reached[0][236] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 239, 369) */
		reached[0][239] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 79: // STATE 237 - deal.pml:90 - [refuse[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][237] = 1;
		(trpt+1)->bup.oval = ((int)now.refuse[1]);
		now.refuse[1] = 0;
#ifdef VAR_RANGES
		logval("refuse[1]", ((int)now.refuse[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 80: // STATE 241 - deal.pml:172 - [((((source[1]==2)&&!(sourceDown[1]))&&(((((((ask[1]==0)&&(offer[1]==0))&&(commit[1]==0))&&(armed[1]==0))&&(refuse[1]==0))&&(where[1]==0))&&(answer[1]==0))))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][241] = 1;
		if (!((((((int)now.source[1])==2)&& !(((int)now.sourceDown[1])))&&(((((((((int)now.ask[1])==0)&&(((int)now.offer[1])==0))&&(((int)now.commit[1])==0))&&(((int)now.armed[1])==0))&&(((int)now.refuse[1])==0))&&(((int)now.where[1])==0))&&(((int)now.answer[1])==0)))))
			continue;
		/* merge: commit[1] = deal[1](0, 242, 369) */
		reached[0][242] = 1;
		(trpt+1)->bup.oval = ((int)now.commit[1]);
		now.commit[1] = ((int)now.deal[1]);
#ifdef VAR_RANGES
		logval("commit[1]", ((int)now.commit[1]));
#endif
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 81: // STATE 243 - deal.pml:173 - [(((source[1]==2)&&!(sourceDown[1])))] (248:0:1 - 1)
		IfNotBlocked
		reached[0][243] = 1;
		if (!(((((int)now.source[1])==2)&& !(((int)now.sourceDown[1])))))
			continue;
		/* merge: cancel[1] = deal[1](0, 244, 248) */
		reached[0][244] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[1]);
		now.cancel[1] = ((int)now.deal[1]);
#ifdef VAR_RANGES
		logval("cancel[1]", ((int)now.cancel[1]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 82: // STATE 245 - deal.pml:128 - [assert(((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||((!(0)&&(here[1]==1))&&(move[1]==0)))))] (0:369:2 - 1)
		IfNotBlocked
		reached[0][245] = 1;
		spin_assert(((3!=6)||(((0&&(((int)now.at[1])==2))&&(((int)now.here[1])==0))||(( !(0)&&(((int)now.here[1])==1))&&(((int)now.move[1])==0)))), "((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||(( !(0)&&(here[1]==1))&&(move[1]==0))))", II, tt, t);
		/* merge: source[1] = 0(369, 246, 369) */
		reached[0][246] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[1]);
		now.source[1] = 0;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: sourceLog[1] = 0(369, 247, 369) */
		reached[0][247] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[1]);
		now.sourceLog[1] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[1]", ((int)now.sourceLog[1]));
#endif
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 83: // STATE 249 - deal.pml:176 - [((((source[1]==3)&&!(sourceDown[1]))&&(move[1]==0)))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][249] = 1;
		if (!((((((int)now.source[1])==3)&& !(((int)now.sourceDown[1])))&&(((int)now.move[1])==0))))
			continue;
		/* merge: source[1] = 4(0, 250, 369) */
		reached[0][250] = 1;
		(trpt+1)->bup.oval = ((int)now.source[1]);
		now.source[1] = 4;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 84: // STATE 251 - deal.pml:177 - [((((source[1]==3)&&!(sourceDown[1]))&&(move[1]!=0)))] (265:0:1 - 1)
		IfNotBlocked
		reached[0][251] = 1;
		if (!((((((int)now.source[1])==3)&& !(((int)now.sourceDown[1])))&&(((int)now.move[1])!=0))))
			continue;
		/* merge: source[1] = 4(0, 252, 265) */
		reached[0][252] = 1;
		(trpt+1)->bup.oval = ((int)now.source[1]);
		now.source[1] = 4;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 85: // STATE 253 - deal.pml:224 - [((move[1]==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][253] = 1;
		if (!((((int)now.move[1])==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 86: // STATE 254 - deal.pml:220 - [move[1] = 0] (0:369:2 - 1)
		IfNotBlocked
		reached[0][254] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 0;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = 0(369, 255, 369) */
		reached[0][255] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: .(goto)(0, 264, 369) */
		reached[0][264] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 87: // STATE 257 - deal.pml:225 - [(((move[1]==2)||(move[1]==3)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][257] = 1;
		if (!(((((int)now.move[1])==2)||(((int)now.move[1])==3))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 88: // STATE 258 - deal.pml:220 - [move[1] = 0] (0:369:3 - 1)
		IfNotBlocked
		reached[0][258] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 0;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = 0(369, 259, 369) */
		reached[0][259] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: at[1] = 0(369, 261, 369) */
		reached[0][261] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.at[1]);
		now.at[1] = 0;
#ifdef VAR_RANGES
		logval("at[1]", ((int)now.at[1]));
#endif
		;
		/* merge: .(goto)(0, 264, 369) */
		reached[0][264] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 89: // STATE 266 - deal.pml:178 - [((((((source[1]==4)&&!(sourceDown[1]))&&(move[1]==0))&&(where[1]==0))&&(answer[1]==0)))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][266] = 1;
		if (!((((((((int)now.source[1])==4)&& !(((int)now.sourceDown[1])))&&(((int)now.move[1])==0))&&(((int)now.where[1])==0))&&(((int)now.answer[1])==0))))
			continue;
		/* merge: where[1] = deal[1](0, 267, 369) */
		reached[0][267] = 1;
		(trpt+1)->bup.oval = ((int)now.where[1]);
		now.where[1] = ((int)now.deal[1]);
#ifdef VAR_RANGES
		logval("where[1]", ((int)now.where[1]));
#endif
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 90: // STATE 268 - deal.pml:179 - [((((source[1]==4)&&!(sourceDown[1]))&&(answer[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][268] = 1;
		if (!((((((int)now.source[1])==4)&& !(((int)now.sourceDown[1])))&&(((int)now.answer[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 91: // STATE 269 - deal.pml:182 - [(((((answer[1]==deal[1])&&(move[1]==0))&&(here[1]==0))&&(answerPlace[1]==2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][269] = 1;
		if (!(((((((int)now.answer[1])==((int)now.deal[1]))&&(((int)now.move[1])==0))&&(((int)now.here[1])==0))&&(((int)now.answerPlace[1])==2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 92: // STATE 270 - deal.pml:128 - [assert(((3!=6)||(((1&&(at[1]==2))&&(here[1]==0))||((!(1)&&(here[1]==1))&&(move[1]==0)))))] (0:294:2 - 1)
		IfNotBlocked
		reached[0][270] = 1;
		spin_assert(((3!=6)||(((1&&(((int)now.at[1])==2))&&(((int)now.here[1])==0))||(( !(1)&&(((int)now.here[1])==1))&&(((int)now.move[1])==0)))), "((3!=6)||(((1&&(at[1]==2))&&(here[1]==0))||(( !(1)&&(here[1]==1))&&(move[1]==0))))", II, tt, t);
		/* merge: source[1] = 0(294, 271, 294) */
		reached[0][271] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[1]);
		now.source[1] = 0;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: sourceLog[1] = 0(294, 272, 294) */
		reached[0][272] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[1]);
		now.sourceLog[1] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[1]", ((int)now.sourceLog[1]));
#endif
		;
		/* merge: .(goto)(0, 282, 294) */
		reached[0][282] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 93: // STATE 274 - deal.pml:183 - [(((((answer[1]==deal[1])&&(move[1]==0))&&(here[1]==1))&&(answerPlace[1]==0)))] (279:0:1 - 1)
		IfNotBlocked
		reached[0][274] = 1;
		if (!(((((((int)now.answer[1])==((int)now.deal[1]))&&(((int)now.move[1])==0))&&(((int)now.here[1])==1))&&(((int)now.answerPlace[1])==0))))
			continue;
		/* merge: cancel[1] = deal[1](0, 275, 279) */
		reached[0][275] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[1]);
		now.cancel[1] = ((int)now.deal[1]);
#ifdef VAR_RANGES
		logval("cancel[1]", ((int)now.cancel[1]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 94: // STATE 276 - deal.pml:128 - [assert(((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||((!(0)&&(here[1]==1))&&(move[1]==0)))))] (0:294:2 - 1)
		IfNotBlocked
		reached[0][276] = 1;
		spin_assert(((3!=6)||(((0&&(((int)now.at[1])==2))&&(((int)now.here[1])==0))||(( !(0)&&(((int)now.here[1])==1))&&(((int)now.move[1])==0)))), "((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||(( !(0)&&(here[1]==1))&&(move[1]==0))))", II, tt, t);
		/* merge: source[1] = 0(294, 277, 294) */
		reached[0][277] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[1]);
		now.source[1] = 0;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: sourceLog[1] = 0(294, 278, 294) */
		reached[0][278] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[1]);
		now.sourceLog[1] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[1]", ((int)now.sourceLog[1]));
#endif
		;
		/* merge: .(goto)(0, 282, 294) */
		reached[0][282] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 95: // STATE 283 - deal.pml:89 - [((doubles>0))] (292:0:1 - 1)
		IfNotBlocked
		reached[0][283] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 284, 292) */
		reached[0][284] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 287, 292) */
		reached[0][287] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 96: // STATE 285 - deal.pml:90 - [answer[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][285] = 1;
		(trpt+1)->bup.oval = ((int)now.answer[1]);
		now.answer[1] = 0;
#ifdef VAR_RANGES
		logval("answer[1]", ((int)now.answer[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 97: // STATE 289 - deal.pml:97 - [((answer[1]==0))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][289] = 1;
		if (!((((int)now.answer[1])==0)))
			continue;
		/* merge: answerPlace[1] = 0(0, 290, 369) */
		reached[0][290] = 1;
		(trpt+1)->bup.oval = ((int)now.answerPlace[1]);
		now.answerPlace[1] = 0;
#ifdef VAR_RANGES
		logval("answerPlace[1]", ((int)now.answerPlace[1]));
#endif
		;
		/* merge: .(goto)(0, 293, 369) */
		reached[0][293] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 98: // STATE 295 - deal.pml:188 - [((((source[1]!=1)&&!(sourceDown[1]))&&(offer[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][295] = 1;
		if (!((((((int)now.source[1])!=1)&& !(((int)now.sourceDown[1])))&&(((int)now.offer[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 99: // STATE 296 - deal.pml:89 - [((doubles>0))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][296] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 297, 369) */
		reached[0][297] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 300, 369) */
		reached[0][300] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 100: // STATE 298 - deal.pml:90 - [offer[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][298] = 1;
		(trpt+1)->bup.oval = ((int)now.offer[1]);
		now.offer[1] = 0;
#ifdef VAR_RANGES
		logval("offer[1]", ((int)now.offer[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 101: // STATE 302 - deal.pml:189 - [((((source[1]!=2)&&!(sourceDown[1]))&&(armed[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][302] = 1;
		if (!((((((int)now.source[1])!=2)&& !(((int)now.sourceDown[1])))&&(((int)now.armed[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 102: // STATE 303 - deal.pml:215 - [((source[1]==0))] (314:0:1 - 1)
		IfNotBlocked
		reached[0][303] = 1;
		if (!((((int)now.source[1])==0)))
			continue;
		/* merge: cancel[1] = armed[1](0, 304, 314) */
		reached[0][304] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[1]);
		now.cancel[1] = ((int)now.armed[1]);
#ifdef VAR_RANGES
		logval("cancel[1]", ((int)now.cancel[1]));
#endif
		;
		/* merge: .(goto)(0, 307, 314) */
		reached[0][307] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 103: // STATE 309 - deal.pml:89 - [((doubles>0))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][309] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 310, 369) */
		reached[0][310] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 313, 369) */
		reached[0][313] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 104: // STATE 311 - deal.pml:90 - [armed[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][311] = 1;
		(trpt+1)->bup.oval = ((int)now.armed[1]);
		now.armed[1] = 0;
#ifdef VAR_RANGES
		logval("armed[1]", ((int)now.armed[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 105: // STATE 315 - deal.pml:190 - [(((((source[1]!=1)&&(source[1]!=2))&&!(sourceDown[1]))&&(refuse[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][315] = 1;
		if (!(((((((int)now.source[1])!=1)&&(((int)now.source[1])!=2))&& !(((int)now.sourceDown[1])))&&(((int)now.refuse[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 106: // STATE 316 - deal.pml:89 - [((doubles>0))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][316] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 317, 369) */
		reached[0][317] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 320, 369) */
		reached[0][320] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 107: // STATE 318 - deal.pml:90 - [refuse[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][318] = 1;
		(trpt+1)->bup.oval = ((int)now.refuse[1]);
		now.refuse[1] = 0;
#ifdef VAR_RANGES
		logval("refuse[1]", ((int)now.refuse[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 108: // STATE 322 - deal.pml:191 - [((((source[1]!=4)&&!(sourceDown[1]))&&(answer[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][322] = 1;
		if (!((((((int)now.source[1])!=4)&& !(((int)now.sourceDown[1])))&&(((int)now.answer[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 109: // STATE 323 - deal.pml:89 - [((doubles>0))] (332:0:1 - 1)
		IfNotBlocked
		reached[0][323] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 324, 332) */
		reached[0][324] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 327, 332) */
		reached[0][327] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 110: // STATE 325 - deal.pml:90 - [answer[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][325] = 1;
		(trpt+1)->bup.oval = ((int)now.answer[1]);
		now.answer[1] = 0;
#ifdef VAR_RANGES
		logval("answer[1]", ((int)now.answer[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 111: // STATE 329 - deal.pml:97 - [((answer[1]==0))] (369:0:1 - 1)
		IfNotBlocked
		reached[0][329] = 1;
		if (!((((int)now.answer[1])==0)))
			continue;
		/* merge: answerPlace[1] = 0(0, 330, 369) */
		reached[0][330] = 1;
		(trpt+1)->bup.oval = ((int)now.answerPlace[1]);
		now.answerPlace[1] = 0;
#ifdef VAR_RANGES
		logval("answerPlace[1]", ((int)now.answerPlace[1]));
#endif
		;
		/* merge: .(goto)(0, 333, 369) */
		reached[0][333] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 112: // STATE 335 - deal.pml:193 - [((!(sourceDown[1])&&(sourceCrashes[1]>0)))] (369:0:3 - 1)
		IfNotBlocked
		reached[0][335] = 1;
		if (!(( !(((int)now.sourceDown[1]))&&(((int)now.sourceCrashes[1])>0))))
			continue;
		/* merge: sourceCrashes[1] = (sourceCrashes[1]-1)(369, 336, 369) */
		reached[0][336] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.sourceCrashes[1]);
		now.sourceCrashes[1] = (((int)now.sourceCrashes[1])-1);
#ifdef VAR_RANGES
		logval("sourceCrashes[1]", ((int)now.sourceCrashes[1]));
#endif
		;
		/* merge: sourceDown[1] = 1(369, 337, 369) */
		reached[0][337] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceDown[1]);
		now.sourceDown[1] = 1;
#ifdef VAR_RANGES
		logval("sourceDown[1]", ((int)now.sourceDown[1]));
#endif
		;
		/* merge: source[1] = 0(369, 338, 369) */
		reached[0][338] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.source[1]);
		now.source[1] = 0;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 113: // STATE 339 - deal.pml:194 - [(sourceDown[1])] (363:0:1 - 1)
		IfNotBlocked
		reached[0][339] = 1;
		if (!(((int)now.sourceDown[1])))
			continue;
		/* merge: sourceDown[1] = 0(0, 340, 363) */
		reached[0][340] = 1;
		(trpt+1)->bup.oval = ((int)now.sourceDown[1]);
		now.sourceDown[1] = 0;
#ifdef VAR_RANGES
		logval("sourceDown[1]", ((int)now.sourceDown[1]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 114: // STATE 341 - deal.pml:197 - [((sourceLog[1]==2))] (346:0:1 - 1)
		IfNotBlocked
		reached[0][341] = 1;
		if (!((((int)now.sourceLog[1])==2)))
			continue;
		/* merge: cancel[1] = deal[1](0, 342, 346) */
		reached[0][342] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[1]);
		now.cancel[1] = ((int)now.deal[1]);
#ifdef VAR_RANGES
		logval("cancel[1]", ((int)now.cancel[1]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 115: // STATE 343 - deal.pml:128 - [assert(((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||((!(0)&&(here[1]==1))&&(move[1]==0)))))] (0:369:2 - 1)
		IfNotBlocked
		reached[0][343] = 1;
		spin_assert(((3!=6)||(((0&&(((int)now.at[1])==2))&&(((int)now.here[1])==0))||(( !(0)&&(((int)now.here[1])==1))&&(((int)now.move[1])==0)))), "((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||(( !(0)&&(here[1]==1))&&(move[1]==0))))", II, tt, t);
		/* merge: source[1] = 0(369, 344, 369) */
		reached[0][344] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.source[1]);
		now.source[1] = 0;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		/* merge: sourceLog[1] = 0(369, 345, 369) */
		reached[0][345] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sourceLog[1]);
		now.sourceLog[1] = 0;
#ifdef VAR_RANGES
		logval("sourceLog[1]", ((int)now.sourceLog[1]));
#endif
		;
		/* merge: .(goto)(0, 364, 369) */
		reached[0][364] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 116: // STATE 347 - deal.pml:198 - [((sourceLog[1]==3))] (361:0:1 - 1)
		IfNotBlocked
		reached[0][347] = 1;
		if (!((((int)now.sourceLog[1])==3)))
			continue;
		/* merge: source[1] = 4(0, 348, 361) */
		reached[0][348] = 1;
		(trpt+1)->bup.oval = ((int)now.source[1]);
		now.source[1] = 4;
#ifdef VAR_RANGES
		logval("source[1]", ((int)now.source[1]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 117: // STATE 349 - deal.pml:224 - [((move[1]==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][349] = 1;
		if (!((((int)now.move[1])==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 118: // STATE 350 - deal.pml:220 - [move[1] = 0] (0:369:2 - 1)
		IfNotBlocked
		reached[0][350] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 0;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = 0(369, 351, 369) */
		reached[0][351] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: .(goto)(0, 360, 369) */
		reached[0][360] = 1;
		;
		/* merge: .(goto)(0, 364, 369) */
		reached[0][364] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 119: // STATE 353 - deal.pml:225 - [(((move[1]==2)||(move[1]==3)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][353] = 1;
		if (!(((((int)now.move[1])==2)||(((int)now.move[1])==3))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 120: // STATE 354 - deal.pml:220 - [move[1] = 0] (0:369:3 - 1)
		IfNotBlocked
		reached[0][354] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 0;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = 0(369, 355, 369) */
		reached[0][355] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: at[1] = 0(369, 357, 369) */
		reached[0][357] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.at[1]);
		now.at[1] = 0;
#ifdef VAR_RANGES
		logval("at[1]", ((int)now.at[1]));
#endif
		;
		/* merge: .(goto)(0, 360, 369) */
		reached[0][360] = 1;
		;
		/* merge: .(goto)(0, 364, 369) */
		reached[0][364] = 1;
		;
		/* merge: .(goto)(0, 366, 369) */
		reached[0][366] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 121: // STATE 368 - deal.pml:122 - [assert(((3!=1)||(((here[1]==1)+(at[1]==2))==1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][368] = 1;
		spin_assert(((3!=1)||(((((int)now.here[1])==1)+(((int)now.at[1])==2))==1)), "((3!=1)||(((here[1]==1)+(at[1]==2))==1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 122: // STATE 370 - deal.pml:117 - [assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][370] = 1;
		spin_assert(((3!=3)||((( ((((((int)now.at[0])!=0)||(((int)now.move[0])==2))||((((int)now.hold[0])==2)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( ((((((int)now.at[1])!=0)||(((int)now.move[1])==2))||((((int)now.hold[1])==2)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<=1)), "((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) ? (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) ? (1) : (0) ))<=1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 123: // STATE 373 - deal.pml:234 - [((!(targetDown)&&(ask[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][373] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.ask[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 124: // STATE 374 - deal.pml:236 - [((((hold[0]==0)&&(at[0]==0))&&((( (((at[0]!=0)||((hold[0]!=0)&&(at[0]==0)))) -> (1) : (0) )+( (((at[1]!=0)||((hold[1]!=0)&&(at[1]==0)))) -> (1) : (0) ))<1)))] (389:0:5 - 1)
		IfNotBlocked
		reached[0][374] = 1;
		if (!((((((int)now.hold[0])==0)&&(((int)now.at[0])==0))&&((( (((((int)now.at[0])!=0)||((((int)now.hold[0])!=0)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( (((((int)now.at[1])!=0)||((((int)now.hold[1])!=0)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<1))))
			continue;
		/* merge: hold[0] = 1(389, 375, 389) */
		reached[0][375] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[0]);
		now.hold[0] = 1;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: holdLog[0] = 1(389, 376, 389) */
		reached[0][376] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdLog[0]);
		now.holdLog[0] = 1;
#ifdef VAR_RANGES
		logval("holdLog[0]", ((int)now.holdLog[0]));
#endif
		;
		/* merge: holdDeal[0] = ask[0](389, 377, 389) */
		reached[0][377] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdDeal[0]);
		now.holdDeal[0] = ((int)now.ask[0]);
#ifdef VAR_RANGES
		logval("holdDeal[0]", ((int)now.holdDeal[0]));
#endif
		;
		/* merge: used[0] = 0(389, 378, 389) */
		reached[0][378] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[0]);
		now.used[0] = 0;
#ifdef VAR_RANGES
		logval("used[0]", ((int)now.used[0]));
#endif
		;
		/* merge: offer[0] = ask[0](389, 379, 389) */
		reached[0][379] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.offer[0]);
		now.offer[0] = ((int)now.ask[0]);
#ifdef VAR_RANGES
		logval("offer[0]", ((int)now.offer[0]));
#endif
		;
		/* merge: .(goto)(0, 383, 389) */
		reached[0][383] = 1;
		;
		_m = 3; goto P999; /* 6 */
	case 125: // STATE 381 - deal.pml:238 - [refuse[0] = ask[0]] (0:0:1 - 1)
		IfNotBlocked
		reached[0][381] = 1;
		(trpt+1)->bup.oval = ((int)now.refuse[0]);
		now.refuse[0] = ((int)now.ask[0]);
#ifdef VAR_RANGES
		logval("refuse[0]", ((int)now.refuse[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 126: // STATE 384 - deal.pml:89 - [((doubles>0))] (460:0:1 - 1)
		IfNotBlocked
		reached[0][384] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 385, 460) */
		reached[0][385] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 388, 460) */
		reached[0][388] = 1;
		;
		/* merge: .(goto)(0, 457, 460) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 127: // STATE 386 - deal.pml:90 - [ask[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][386] = 1;
		(trpt+1)->bup.oval = ((int)now.ask[0]);
		now.ask[0] = 0;
#ifdef VAR_RANGES
		logval("ask[0]", ((int)now.ask[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 128: // STATE 390 - deal.pml:242 - [((!(targetDown)&&(hold[0]==1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][390] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.hold[0])==1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 129: // STATE 391 - deal.pml:230 - [hold[0] = 0] (0:460:4 - 1)
		IfNotBlocked
		reached[0][391] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[0]);
		now.hold[0] = 0;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: holdDeal[0] = 0(460, 392, 460) */
		reached[0][392] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[0]);
		now.holdDeal[0] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[0]", ((int)now.holdDeal[0]));
#endif
		;
		/* merge: holdLog[0] = 0(460, 393, 460) */
		reached[0][393] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[0]);
		now.holdLog[0] = 0;
#ifdef VAR_RANGES
		logval("holdLog[0]", ((int)now.holdLog[0]));
#endif
		;
		/* merge: used[0] = 0(460, 394, 460) */
		reached[0][394] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[0]);
		now.used[0] = 0;
#ifdef VAR_RANGES
		logval("used[0]", ((int)now.used[0]));
#endif
		;
		/* merge: .(goto)(0, 457, 460) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 130: // STATE 396 - deal.pml:243 - [((!(targetDown)&&(commit[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][396] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.commit[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 131: // STATE 397 - deal.pml:245 - [(((hold[0]==1)&&(holdDeal[0]==commit[0])))] (412:0:3 - 1)
		IfNotBlocked
		reached[0][397] = 1;
		if (!(((((int)now.hold[0])==1)&&(((int)now.holdDeal[0])==((int)now.commit[0])))))
			continue;
		/* merge: hold[0] = 2(412, 398, 412) */
		reached[0][398] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[0]);
		now.hold[0] = 2;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: armed[0] = commit[0](412, 399, 412) */
		reached[0][399] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.armed[0]);
		now.armed[0] = ((int)now.commit[0]);
#ifdef VAR_RANGES
		logval("armed[0]", ((int)now.armed[0]));
#endif
		;
		/* merge: holdLog[0] = 2(412, 400, 412) */
		reached[0][400] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[0]);
		now.holdLog[0] = 2;
#ifdef VAR_RANGES
		logval("holdLog[0]", ((int)now.holdLog[0]));
#endif
		;
		/* merge: .(goto)(0, 406, 412) */
		reached[0][406] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 132: // STATE 401 - deal.pml:253 - [(((hold[0]==2)&&(holdDeal[0]==commit[0])))] (412:0:1 - 1)
		IfNotBlocked
		reached[0][401] = 1;
		if (!(((((int)now.hold[0])==2)&&(((int)now.holdDeal[0])==((int)now.commit[0])))))
			continue;
		/* merge: armed[0] = commit[0](0, 402, 412) */
		reached[0][402] = 1;
		(trpt+1)->bup.oval = ((int)now.armed[0]);
		now.armed[0] = ((int)now.commit[0]);
#ifdef VAR_RANGES
		logval("armed[0]", ((int)now.armed[0]));
#endif
		;
		/* merge: .(goto)(0, 406, 412) */
		reached[0][406] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 133: // STATE 404 - deal.pml:254 - [refuse[0] = commit[0]] (0:0:1 - 1)
		IfNotBlocked
		reached[0][404] = 1;
		(trpt+1)->bup.oval = ((int)now.refuse[0]);
		now.refuse[0] = ((int)now.commit[0]);
#ifdef VAR_RANGES
		logval("refuse[0]", ((int)now.refuse[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 134: // STATE 407 - deal.pml:89 - [((doubles>0))] (460:0:1 - 1)
		IfNotBlocked
		reached[0][407] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 408, 460) */
		reached[0][408] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 411, 460) */
		reached[0][411] = 1;
		;
		/* merge: .(goto)(0, 457, 460) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 135: // STATE 409 - deal.pml:90 - [commit[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][409] = 1;
		(trpt+1)->bup.oval = ((int)now.commit[0]);
		now.commit[0] = 0;
#ifdef VAR_RANGES
		logval("commit[0]", ((int)now.commit[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 136: // STATE 413 - deal.pml:261 - [((((!(targetDown)&&(hold[0]==2))&&(at[0]==0))&&(move[0]!=2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][413] = 1;
		if (!(((( !(((int)now.targetDown))&&(((int)now.hold[0])==2))&&(((int)now.at[0])==0))&&(((int)now.move[0])!=2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 137: // STATE 414 - deal.pml:230 - [hold[0] = 0] (0:460:4 - 1)
		IfNotBlocked
		reached[0][414] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[0]);
		now.hold[0] = 0;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: holdDeal[0] = 0(460, 415, 460) */
		reached[0][415] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[0]);
		now.holdDeal[0] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[0]", ((int)now.holdDeal[0]));
#endif
		;
		/* merge: holdLog[0] = 0(460, 416, 460) */
		reached[0][416] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[0]);
		now.holdLog[0] = 0;
#ifdef VAR_RANGES
		logval("holdLog[0]", ((int)now.holdLog[0]));
#endif
		;
		/* merge: used[0] = 0(460, 417, 460) */
		reached[0][417] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[0]);
		now.used[0] = 0;
#ifdef VAR_RANGES
		logval("used[0]", ((int)now.used[0]));
#endif
		;
		/* merge: .(goto)(0, 457, 460) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 138: // STATE 419 - deal.pml:263 - [(((!(targetDown)&&(hold[0]==2))&&(at[0]==2)))] (460:0:1 - 1)
		IfNotBlocked
		reached[0][419] = 1;
		if (!((( !(((int)now.targetDown))&&(((int)now.hold[0])==2))&&(((int)now.at[0])==2))))
			continue;
		/* merge: hold[0] = 3(0, 420, 460) */
		reached[0][420] = 1;
		(trpt+1)->bup.oval = ((int)now.hold[0]);
		now.hold[0] = 3;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: .(goto)(0, 457, 460) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 139: // STATE 421 - deal.pml:265 - [((((!(targetDown)&&(hold[0]==3))&&(at[0]==2))&&(here[0]==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][421] = 1;
		if (!(((( !(((int)now.targetDown))&&(((int)now.hold[0])==3))&&(((int)now.at[0])==2))&&(((int)now.here[0])==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 140: // STATE 422 - deal.pml:230 - [hold[0] = 0] (0:460:4 - 1)
		IfNotBlocked
		reached[0][422] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[0]);
		now.hold[0] = 0;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: holdDeal[0] = 0(460, 423, 460) */
		reached[0][423] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[0]);
		now.holdDeal[0] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[0]", ((int)now.holdDeal[0]));
#endif
		;
		/* merge: holdLog[0] = 0(460, 424, 460) */
		reached[0][424] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[0]);
		now.holdLog[0] = 0;
#ifdef VAR_RANGES
		logval("holdLog[0]", ((int)now.holdLog[0]));
#endif
		;
		/* merge: used[0] = 0(460, 425, 460) */
		reached[0][425] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[0]);
		now.used[0] = 0;
#ifdef VAR_RANGES
		logval("used[0]", ((int)now.used[0]));
#endif
		;
		/* merge: .(goto)(0, 457, 460) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 141: // STATE 427 - deal.pml:266 - [((!(targetDown)&&(cancel[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][427] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.cancel[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 142: // STATE 428 - deal.pml:268 - [(((hold[0]!=0)&&(holdDeal[0]==cancel[0])))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][428] = 1;
		if (!(((((int)now.hold[0])!=0)&&(((int)now.holdDeal[0])==((int)now.cancel[0])))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 143: // STATE 429 - deal.pml:273 - [(((hold[0]==1)||((hold[0]==2)&&(!(used[0])||((at[0]==0)&&(move[0]!=2))))))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][429] = 1;
		if (!(((((int)now.hold[0])==1)||((((int)now.hold[0])==2)&&( !(((int)now.used[0]))||((((int)now.at[0])==0)&&(((int)now.move[0])!=2)))))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 144: // STATE 430 - deal.pml:230 - [hold[0] = 0] (0:446:4 - 1)
		IfNotBlocked
		reached[0][430] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[0]);
		now.hold[0] = 0;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: holdDeal[0] = 0(446, 431, 446) */
		reached[0][431] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[0]);
		now.holdDeal[0] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[0]", ((int)now.holdDeal[0]));
#endif
		;
		/* merge: holdLog[0] = 0(446, 432, 446) */
		reached[0][432] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[0]);
		now.holdLog[0] = 0;
#ifdef VAR_RANGES
		logval("holdLog[0]", ((int)now.holdLog[0]));
#endif
		;
		/* merge: used[0] = 0(446, 433, 446) */
		reached[0][433] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[0]);
		now.used[0] = 0;
#ifdef VAR_RANGES
		logval("used[0]", ((int)now.used[0]));
#endif
		;
		/* merge: .(goto)(0, 437, 446) */
		reached[0][437] = 1;
		;
		/* merge: .(goto)(0, 440, 446) */
		reached[0][440] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 145: // STATE 441 - deal.pml:89 - [((doubles>0))] (460:0:1 - 1)
		IfNotBlocked
		reached[0][441] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 442, 460) */
		reached[0][442] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 445, 460) */
		reached[0][445] = 1;
		;
		/* merge: .(goto)(0, 457, 460) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 146: // STATE 443 - deal.pml:90 - [cancel[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][443] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[0]);
		now.cancel[0] = 0;
#ifdef VAR_RANGES
		logval("cancel[0]", ((int)now.cancel[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 147: // STATE 447 - deal.pml:280 - [((!(targetDown)&&(where[0]!=0)))] (455:0:2 - 1)
		IfNotBlocked
		reached[0][447] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.where[0])!=0))))
			continue;
		/* merge: answer[0] = where[0](455, 448, 455) */
		reached[0][448] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.answer[0]);
		now.answer[0] = ((int)now.where[0]);
#ifdef VAR_RANGES
		logval("answer[0]", ((int)now.answer[0]));
#endif
		;
		/* merge: answerPlace[0] = at[0](455, 449, 455) */
		reached[0][449] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.answerPlace[0]);
		now.answerPlace[0] = ((int)now.at[0]);
#ifdef VAR_RANGES
		logval("answerPlace[0]", ((int)now.answerPlace[0]));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 148: // STATE 450 - deal.pml:89 - [((doubles>0))] (460:0:1 - 1)
		IfNotBlocked
		reached[0][450] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 451, 460) */
		reached[0][451] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 454, 460) */
		reached[0][454] = 1;
		;
		/* merge: .(goto)(0, 457, 460) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 149: // STATE 452 - deal.pml:90 - [where[0] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][452] = 1;
		(trpt+1)->bup.oval = ((int)now.where[0]);
		now.where[0] = 0;
#ifdef VAR_RANGES
		logval("where[0]", ((int)now.where[0]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 150: // STATE 459 - deal.pml:117 - [assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][459] = 1;
		spin_assert(((3!=3)||((( ((((((int)now.at[0])!=0)||(((int)now.move[0])==2))||((((int)now.hold[0])==2)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( ((((((int)now.at[1])!=0)||(((int)now.move[1])==2))||((((int)now.hold[1])==2)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<=1)), "((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) ? (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) ? (1) : (0) ))<=1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 151: // STATE 462 - deal.pml:234 - [((!(targetDown)&&(ask[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][462] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.ask[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 152: // STATE 463 - deal.pml:236 - [((((hold[1]==0)&&(at[1]==0))&&((( (((at[0]!=0)||((hold[0]!=0)&&(at[0]==0)))) -> (1) : (0) )+( (((at[1]!=0)||((hold[1]!=0)&&(at[1]==0)))) -> (1) : (0) ))<1)))] (478:0:5 - 1)
		IfNotBlocked
		reached[0][463] = 1;
		if (!((((((int)now.hold[1])==0)&&(((int)now.at[1])==0))&&((( (((((int)now.at[0])!=0)||((((int)now.hold[0])!=0)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( (((((int)now.at[1])!=0)||((((int)now.hold[1])!=0)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<1))))
			continue;
		/* merge: hold[1] = 1(478, 464, 478) */
		reached[0][464] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[1]);
		now.hold[1] = 1;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: holdLog[1] = 1(478, 465, 478) */
		reached[0][465] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdLog[1]);
		now.holdLog[1] = 1;
#ifdef VAR_RANGES
		logval("holdLog[1]", ((int)now.holdLog[1]));
#endif
		;
		/* merge: holdDeal[1] = ask[1](478, 466, 478) */
		reached[0][466] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdDeal[1]);
		now.holdDeal[1] = ((int)now.ask[1]);
#ifdef VAR_RANGES
		logval("holdDeal[1]", ((int)now.holdDeal[1]));
#endif
		;
		/* merge: used[1] = 0(478, 467, 478) */
		reached[0][467] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[1]);
		now.used[1] = 0;
#ifdef VAR_RANGES
		logval("used[1]", ((int)now.used[1]));
#endif
		;
		/* merge: offer[1] = ask[1](478, 468, 478) */
		reached[0][468] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.offer[1]);
		now.offer[1] = ((int)now.ask[1]);
#ifdef VAR_RANGES
		logval("offer[1]", ((int)now.offer[1]));
#endif
		;
		/* merge: .(goto)(0, 472, 478) */
		reached[0][472] = 1;
		;
		_m = 3; goto P999; /* 6 */
	case 153: // STATE 470 - deal.pml:238 - [refuse[1] = ask[1]] (0:0:1 - 1)
		IfNotBlocked
		reached[0][470] = 1;
		(trpt+1)->bup.oval = ((int)now.refuse[1]);
		now.refuse[1] = ((int)now.ask[1]);
#ifdef VAR_RANGES
		logval("refuse[1]", ((int)now.refuse[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 154: // STATE 473 - deal.pml:89 - [((doubles>0))] (549:0:1 - 1)
		IfNotBlocked
		reached[0][473] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 474, 549) */
		reached[0][474] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 477, 549) */
		reached[0][477] = 1;
		;
		/* merge: .(goto)(0, 546, 549) */
		reached[0][546] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 155: // STATE 475 - deal.pml:90 - [ask[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][475] = 1;
		(trpt+1)->bup.oval = ((int)now.ask[1]);
		now.ask[1] = 0;
#ifdef VAR_RANGES
		logval("ask[1]", ((int)now.ask[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 156: // STATE 479 - deal.pml:242 - [((!(targetDown)&&(hold[1]==1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][479] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.hold[1])==1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 157: // STATE 480 - deal.pml:230 - [hold[1] = 0] (0:549:4 - 1)
		IfNotBlocked
		reached[0][480] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[1]);
		now.hold[1] = 0;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: holdDeal[1] = 0(549, 481, 549) */
		reached[0][481] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[1]);
		now.holdDeal[1] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[1]", ((int)now.holdDeal[1]));
#endif
		;
		/* merge: holdLog[1] = 0(549, 482, 549) */
		reached[0][482] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[1]);
		now.holdLog[1] = 0;
#ifdef VAR_RANGES
		logval("holdLog[1]", ((int)now.holdLog[1]));
#endif
		;
		/* merge: used[1] = 0(549, 483, 549) */
		reached[0][483] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[1]);
		now.used[1] = 0;
#ifdef VAR_RANGES
		logval("used[1]", ((int)now.used[1]));
#endif
		;
		/* merge: .(goto)(0, 546, 549) */
		reached[0][546] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 158: // STATE 485 - deal.pml:243 - [((!(targetDown)&&(commit[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][485] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.commit[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 159: // STATE 486 - deal.pml:245 - [(((hold[1]==1)&&(holdDeal[1]==commit[1])))] (501:0:3 - 1)
		IfNotBlocked
		reached[0][486] = 1;
		if (!(((((int)now.hold[1])==1)&&(((int)now.holdDeal[1])==((int)now.commit[1])))))
			continue;
		/* merge: hold[1] = 2(501, 487, 501) */
		reached[0][487] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[1]);
		now.hold[1] = 2;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: armed[1] = commit[1](501, 488, 501) */
		reached[0][488] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.armed[1]);
		now.armed[1] = ((int)now.commit[1]);
#ifdef VAR_RANGES
		logval("armed[1]", ((int)now.armed[1]));
#endif
		;
		/* merge: holdLog[1] = 2(501, 489, 501) */
		reached[0][489] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[1]);
		now.holdLog[1] = 2;
#ifdef VAR_RANGES
		logval("holdLog[1]", ((int)now.holdLog[1]));
#endif
		;
		/* merge: .(goto)(0, 495, 501) */
		reached[0][495] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 160: // STATE 490 - deal.pml:253 - [(((hold[1]==2)&&(holdDeal[1]==commit[1])))] (501:0:1 - 1)
		IfNotBlocked
		reached[0][490] = 1;
		if (!(((((int)now.hold[1])==2)&&(((int)now.holdDeal[1])==((int)now.commit[1])))))
			continue;
		/* merge: armed[1] = commit[1](0, 491, 501) */
		reached[0][491] = 1;
		(trpt+1)->bup.oval = ((int)now.armed[1]);
		now.armed[1] = ((int)now.commit[1]);
#ifdef VAR_RANGES
		logval("armed[1]", ((int)now.armed[1]));
#endif
		;
		/* merge: .(goto)(0, 495, 501) */
		reached[0][495] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 161: // STATE 493 - deal.pml:254 - [refuse[1] = commit[1]] (0:0:1 - 1)
		IfNotBlocked
		reached[0][493] = 1;
		(trpt+1)->bup.oval = ((int)now.refuse[1]);
		now.refuse[1] = ((int)now.commit[1]);
#ifdef VAR_RANGES
		logval("refuse[1]", ((int)now.refuse[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 162: // STATE 496 - deal.pml:89 - [((doubles>0))] (549:0:1 - 1)
		IfNotBlocked
		reached[0][496] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 497, 549) */
		reached[0][497] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 500, 549) */
		reached[0][500] = 1;
		;
		/* merge: .(goto)(0, 546, 549) */
		reached[0][546] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 163: // STATE 498 - deal.pml:90 - [commit[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][498] = 1;
		(trpt+1)->bup.oval = ((int)now.commit[1]);
		now.commit[1] = 0;
#ifdef VAR_RANGES
		logval("commit[1]", ((int)now.commit[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 164: // STATE 502 - deal.pml:261 - [((((!(targetDown)&&(hold[1]==2))&&(at[1]==0))&&(move[1]!=2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][502] = 1;
		if (!(((( !(((int)now.targetDown))&&(((int)now.hold[1])==2))&&(((int)now.at[1])==0))&&(((int)now.move[1])!=2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 165: // STATE 503 - deal.pml:230 - [hold[1] = 0] (0:549:4 - 1)
		IfNotBlocked
		reached[0][503] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[1]);
		now.hold[1] = 0;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: holdDeal[1] = 0(549, 504, 549) */
		reached[0][504] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[1]);
		now.holdDeal[1] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[1]", ((int)now.holdDeal[1]));
#endif
		;
		/* merge: holdLog[1] = 0(549, 505, 549) */
		reached[0][505] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[1]);
		now.holdLog[1] = 0;
#ifdef VAR_RANGES
		logval("holdLog[1]", ((int)now.holdLog[1]));
#endif
		;
		/* merge: used[1] = 0(549, 506, 549) */
		reached[0][506] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[1]);
		now.used[1] = 0;
#ifdef VAR_RANGES
		logval("used[1]", ((int)now.used[1]));
#endif
		;
		/* merge: .(goto)(0, 546, 549) */
		reached[0][546] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 166: // STATE 508 - deal.pml:263 - [(((!(targetDown)&&(hold[1]==2))&&(at[1]==2)))] (549:0:1 - 1)
		IfNotBlocked
		reached[0][508] = 1;
		if (!((( !(((int)now.targetDown))&&(((int)now.hold[1])==2))&&(((int)now.at[1])==2))))
			continue;
		/* merge: hold[1] = 3(0, 509, 549) */
		reached[0][509] = 1;
		(trpt+1)->bup.oval = ((int)now.hold[1]);
		now.hold[1] = 3;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: .(goto)(0, 546, 549) */
		reached[0][546] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 167: // STATE 510 - deal.pml:265 - [((((!(targetDown)&&(hold[1]==3))&&(at[1]==2))&&(here[1]==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][510] = 1;
		if (!(((( !(((int)now.targetDown))&&(((int)now.hold[1])==3))&&(((int)now.at[1])==2))&&(((int)now.here[1])==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 168: // STATE 511 - deal.pml:230 - [hold[1] = 0] (0:549:4 - 1)
		IfNotBlocked
		reached[0][511] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[1]);
		now.hold[1] = 0;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: holdDeal[1] = 0(549, 512, 549) */
		reached[0][512] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[1]);
		now.holdDeal[1] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[1]", ((int)now.holdDeal[1]));
#endif
		;
		/* merge: holdLog[1] = 0(549, 513, 549) */
		reached[0][513] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[1]);
		now.holdLog[1] = 0;
#ifdef VAR_RANGES
		logval("holdLog[1]", ((int)now.holdLog[1]));
#endif
		;
		/* merge: used[1] = 0(549, 514, 549) */
		reached[0][514] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[1]);
		now.used[1] = 0;
#ifdef VAR_RANGES
		logval("used[1]", ((int)now.used[1]));
#endif
		;
		/* merge: .(goto)(0, 546, 549) */
		reached[0][546] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 169: // STATE 516 - deal.pml:266 - [((!(targetDown)&&(cancel[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][516] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.cancel[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 170: // STATE 517 - deal.pml:268 - [(((hold[1]!=0)&&(holdDeal[1]==cancel[1])))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][517] = 1;
		if (!(((((int)now.hold[1])!=0)&&(((int)now.holdDeal[1])==((int)now.cancel[1])))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 171: // STATE 518 - deal.pml:273 - [(((hold[1]==1)||((hold[1]==2)&&(!(used[1])||((at[1]==0)&&(move[1]!=2))))))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][518] = 1;
		if (!(((((int)now.hold[1])==1)||((((int)now.hold[1])==2)&&( !(((int)now.used[1]))||((((int)now.at[1])==0)&&(((int)now.move[1])!=2)))))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 172: // STATE 519 - deal.pml:230 - [hold[1] = 0] (0:535:4 - 1)
		IfNotBlocked
		reached[0][519] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[1]);
		now.hold[1] = 0;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: holdDeal[1] = 0(535, 520, 535) */
		reached[0][520] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[1]);
		now.holdDeal[1] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[1]", ((int)now.holdDeal[1]));
#endif
		;
		/* merge: holdLog[1] = 0(535, 521, 535) */
		reached[0][521] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.holdLog[1]);
		now.holdLog[1] = 0;
#ifdef VAR_RANGES
		logval("holdLog[1]", ((int)now.holdLog[1]));
#endif
		;
		/* merge: used[1] = 0(535, 522, 535) */
		reached[0][522] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.used[1]);
		now.used[1] = 0;
#ifdef VAR_RANGES
		logval("used[1]", ((int)now.used[1]));
#endif
		;
		/* merge: .(goto)(0, 526, 535) */
		reached[0][526] = 1;
		;
		/* merge: .(goto)(0, 529, 535) */
		reached[0][529] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 173: // STATE 530 - deal.pml:89 - [((doubles>0))] (549:0:1 - 1)
		IfNotBlocked
		reached[0][530] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 531, 549) */
		reached[0][531] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 534, 549) */
		reached[0][534] = 1;
		;
		/* merge: .(goto)(0, 546, 549) */
		reached[0][546] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 174: // STATE 532 - deal.pml:90 - [cancel[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][532] = 1;
		(trpt+1)->bup.oval = ((int)now.cancel[1]);
		now.cancel[1] = 0;
#ifdef VAR_RANGES
		logval("cancel[1]", ((int)now.cancel[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 175: // STATE 536 - deal.pml:280 - [((!(targetDown)&&(where[1]!=0)))] (544:0:2 - 1)
		IfNotBlocked
		reached[0][536] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.where[1])!=0))))
			continue;
		/* merge: answer[1] = where[1](544, 537, 544) */
		reached[0][537] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.answer[1]);
		now.answer[1] = ((int)now.where[1]);
#ifdef VAR_RANGES
		logval("answer[1]", ((int)now.answer[1]));
#endif
		;
		/* merge: answerPlace[1] = at[1](544, 538, 544) */
		reached[0][538] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.answerPlace[1]);
		now.answerPlace[1] = ((int)now.at[1]);
#ifdef VAR_RANGES
		logval("answerPlace[1]", ((int)now.answerPlace[1]));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 176: // STATE 539 - deal.pml:89 - [((doubles>0))] (549:0:1 - 1)
		IfNotBlocked
		reached[0][539] = 1;
		if (!((((int)now.doubles)>0)))
			continue;
		/* merge: doubles = (doubles-1)(0, 540, 549) */
		reached[0][540] = 1;
		(trpt+1)->bup.oval = ((int)now.doubles);
		now.doubles = (((int)now.doubles)-1);
#ifdef VAR_RANGES
		logval("doubles", ((int)now.doubles));
#endif
		;
		/* merge: .(goto)(0, 543, 549) */
		reached[0][543] = 1;
		;
		/* merge: .(goto)(0, 546, 549) */
		reached[0][546] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 177: // STATE 541 - deal.pml:90 - [where[1] = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][541] = 1;
		(trpt+1)->bup.oval = ((int)now.where[1]);
		now.where[1] = 0;
#ifdef VAR_RANGES
		logval("where[1]", ((int)now.where[1]));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 178: // STATE 548 - deal.pml:117 - [assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][548] = 1;
		spin_assert(((3!=3)||((( ((((((int)now.at[0])!=0)||(((int)now.move[0])==2))||((((int)now.hold[0])==2)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( ((((((int)now.at[1])!=0)||(((int)now.move[1])==2))||((((int)now.hold[1])==2)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<=1)), "((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) ? (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) ? (1) : (0) ))<=1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 179: // STATE 551 - deal.pml:286 - [((!(targetDown)&&(targetCrashes>0)))] (582:0:6 - 1)
		IfNotBlocked
		reached[0][551] = 1;
		if (!(( !(((int)now.targetDown))&&(((int)now.targetCrashes)>0))))
			continue;
		/* merge: targetCrashes = (targetCrashes-1)(582, 552, 582) */
		reached[0][552] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.targetCrashes);
		now.targetCrashes = (((int)now.targetCrashes)-1);
#ifdef VAR_RANGES
		logval("targetCrashes", ((int)now.targetCrashes));
#endif
		;
		/* merge: targetDown = 1(582, 553, 582) */
		reached[0][553] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.targetDown);
		now.targetDown = 1;
#ifdef VAR_RANGES
		logval("targetDown", ((int)now.targetDown));
#endif
		;
		/* merge: hold[0] = 0(582, 554, 582) */
		reached[0][554] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.hold[0]);
		now.hold[0] = 0;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: hold[1] = 0(582, 555, 582) */
		reached[0][555] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.hold[1]);
		now.hold[1] = 0;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: used[0] = 0(582, 556, 582) */
		reached[0][556] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.used[0]);
		now.used[0] = 0;
#ifdef VAR_RANGES
		logval("used[0]", ((int)now.used[0]));
#endif
		;
		/* merge: used[1] = 0(582, 557, 582) */
		reached[0][557] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.used[1]);
		now.used[1] = 0;
#ifdef VAR_RANGES
		logval("used[1]", ((int)now.used[1]));
#endif
		;
		/* merge: .(goto)(0, 579, 582) */
		reached[0][579] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 180: // STATE 558 - deal.pml:289 - [(targetDown)] (568:0:1 - 1)
		IfNotBlocked
		reached[0][558] = 1;
		if (!(((int)now.targetDown)))
			continue;
		/* merge: targetDown = 0(0, 559, 568) */
		reached[0][559] = 1;
		(trpt+1)->bup.oval = ((int)now.targetDown);
		now.targetDown = 0;
#ifdef VAR_RANGES
		logval("targetDown", ((int)now.targetDown));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 181: // STATE 560 - deal.pml:296 - [((holdLog[0]==2))] (577:0:2 - 1)
		IfNotBlocked
		reached[0][560] = 1;
		if (!((((int)now.holdLog[0])==2)))
			continue;
		/* merge: hold[0] = 2(577, 561, 577) */
		reached[0][561] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[0]);
		now.hold[0] = 2;
#ifdef VAR_RANGES
		logval("hold[0]", ((int)now.hold[0]));
#endif
		;
		/* merge: used[0] = 1(577, 562, 577) */
		reached[0][562] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.used[0]);
		now.used[0] = 1;
#ifdef VAR_RANGES
		logval("used[0]", ((int)now.used[0]));
#endif
		;
		/* merge: .(goto)(0, 567, 577) */
		reached[0][567] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 182: // STATE 564 - deal.pml:297 - [holdLog[0] = 0] (0:577:2 - 1)
		IfNotBlocked
		reached[0][564] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.holdLog[0]);
		now.holdLog[0] = 0;
#ifdef VAR_RANGES
		logval("holdLog[0]", ((int)now.holdLog[0]));
#endif
		;
		/* merge: holdDeal[0] = 0(577, 565, 577) */
		reached[0][565] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[0]);
		now.holdDeal[0] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[0]", ((int)now.holdDeal[0]));
#endif
		;
		/* merge: .(goto)(0, 567, 577) */
		reached[0][567] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 183: // STATE 569 - deal.pml:296 - [((holdLog[1]==2))] (582:0:2 - 1)
		IfNotBlocked
		reached[0][569] = 1;
		if (!((((int)now.holdLog[1])==2)))
			continue;
		/* merge: hold[1] = 2(582, 570, 582) */
		reached[0][570] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.hold[1]);
		now.hold[1] = 2;
#ifdef VAR_RANGES
		logval("hold[1]", ((int)now.hold[1]));
#endif
		;
		/* merge: used[1] = 1(582, 571, 582) */
		reached[0][571] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.used[1]);
		now.used[1] = 1;
#ifdef VAR_RANGES
		logval("used[1]", ((int)now.used[1]));
#endif
		;
		/* merge: .(goto)(0, 576, 582) */
		reached[0][576] = 1;
		;
		/* merge: .(goto)(0, 579, 582) */
		reached[0][579] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 184: // STATE 573 - deal.pml:297 - [holdLog[1] = 0] (0:582:2 - 1)
		IfNotBlocked
		reached[0][573] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.holdLog[1]);
		now.holdLog[1] = 0;
#ifdef VAR_RANGES
		logval("holdLog[1]", ((int)now.holdLog[1]));
#endif
		;
		/* merge: holdDeal[1] = 0(582, 574, 582) */
		reached[0][574] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.holdDeal[1]);
		now.holdDeal[1] = 0;
#ifdef VAR_RANGES
		logval("holdDeal[1]", ((int)now.holdDeal[1]));
#endif
		;
		/* merge: .(goto)(0, 576, 582) */
		reached[0][576] = 1;
		;
		/* merge: .(goto)(0, 579, 582) */
		reached[0][579] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 185: // STATE 581 - deal.pml:117 - [assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][581] = 1;
		spin_assert(((3!=3)||((( ((((((int)now.at[0])!=0)||(((int)now.move[0])==2))||((((int)now.hold[0])==2)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( ((((((int)now.at[1])!=0)||(((int)now.move[1])==2))||((((int)now.hold[1])==2)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<=1)), "((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) ? (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) ? (1) : (0) ))<=1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 186: // STATE 584 - deal.pml:313 - [((move[0]==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][584] = 1;
		if (!((((int)now.move[0])==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 187: // STATE 585 - deal.pml:315 - [((((!(targetDown)&&(hold[0]==2))&&(holdDeal[0]==moveDeal[0]))&&!(used[0])))] (620:0:2 - 1)
		IfNotBlocked
		reached[0][585] = 1;
		if (!(((( !(((int)now.targetDown))&&(((int)now.hold[0])==2))&&(((int)now.holdDeal[0])==((int)now.moveDeal[0])))&& !(((int)now.used[0])))))
			continue;
		/* merge: assert(((3!=4)||(((hold[0]==2)&&(holdDeal[0]==moveDeal[0]))&&!(used[0]))))(620, 586, 620) */
		reached[0][586] = 1;
		spin_assert(((3!=4)||(((((int)now.hold[0])==2)&&(((int)now.holdDeal[0])==((int)now.moveDeal[0])))&& !(((int)now.used[0])))), "((3!=4)||(((hold[0]==2)&&(holdDeal[0]==moveDeal[0]))&& !(used[0])))", II, tt, t);
		/* merge: used[0] = 1(620, 587, 620) */
		reached[0][587] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.used[0]);
		now.used[0] = 1;
#ifdef VAR_RANGES
		logval("used[0]", ((int)now.used[0]));
#endif
		;
		/* merge: move[0] = 2(620, 588, 620) */
		reached[0][588] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.move[0]);
		now.move[0] = 2;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: .(goto)(0, 594, 620) */
		reached[0][594] = 1;
		;
		/* merge: .(goto)(0, 617, 620) */
		reached[0][617] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 188: // STATE 590 - deal.pml:220 - [move[0] = 0] (0:620:2 - 1)
		IfNotBlocked
		reached[0][590] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 0;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = 0(620, 591, 620) */
		reached[0][591] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: .(goto)(0, 594, 620) */
		reached[0][594] = 1;
		;
		/* merge: .(goto)(0, 617, 620) */
		reached[0][617] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 189: // STATE 595 - deal.pml:321 - [((move[0]==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][595] = 1;
		if (!((((int)now.move[0])==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 190: // STATE 596 - deal.pml:220 - [move[0] = 0] (0:620:2 - 1)
		IfNotBlocked
		reached[0][596] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 0;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = 0(620, 597, 620) */
		reached[0][597] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: .(goto)(0, 617, 620) */
		reached[0][617] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 191: // STATE 599 - deal.pml:322 - [((move[0]==2))] (620:0:2 - 1)
		IfNotBlocked
		reached[0][599] = 1;
		if (!((((int)now.move[0])==2)))
			continue;
		/* merge: move[0] = 3(620, 600, 620) */
		reached[0][600] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 3;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: at[0] = 1(620, 601, 620) */
		reached[0][601] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.at[0]);
		now.at[0] = 1;
#ifdef VAR_RANGES
		logval("at[0]", ((int)now.at[0]));
#endif
		;
		/* merge: .(goto)(0, 617, 620) */
		reached[0][617] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 192: // STATE 602 - deal.pml:323 - [((move[0]==3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][602] = 1;
		if (!((((int)now.move[0])==3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 193: // STATE 603 - deal.pml:220 - [move[0] = 0] (0:620:3 - 1)
		IfNotBlocked
		reached[0][603] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 0;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = 0(620, 604, 620) */
		reached[0][604] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: at[0] = 0(620, 606, 620) */
		reached[0][606] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.at[0]);
		now.at[0] = 0;
#ifdef VAR_RANGES
		logval("at[0]", ((int)now.at[0]));
#endif
		;
		/* merge: .(goto)(0, 617, 620) */
		reached[0][617] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 194: // STATE 607 - deal.pml:324 - [((move[0]==3))] (620:0:3 - 1)
		IfNotBlocked
		reached[0][607] = 1;
		if (!((((int)now.move[0])==3)))
			continue;
		/* merge: move[0] = 4(620, 608, 620) */
		reached[0][608] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 4;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: at[0] = 2(620, 609, 620) */
		reached[0][609] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.at[0]);
		now.at[0] = 2;
#ifdef VAR_RANGES
		logval("at[0]", ((int)now.at[0]));
#endif
		;
		/* merge: here[0] = 2(620, 610, 620) */
		reached[0][610] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.here[0]);
		now.here[0] = 2;
#ifdef VAR_RANGES
		logval("here[0]", ((int)now.here[0]));
#endif
		;
		/* merge: .(goto)(0, 617, 620) */
		reached[0][617] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 195: // STATE 611 - deal.pml:325 - [((move[0]==4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][611] = 1;
		if (!((((int)now.move[0])==4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 196: // STATE 612 - deal.pml:220 - [move[0] = 0] (0:620:3 - 1)
		IfNotBlocked
		reached[0][612] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[0]);
		now.move[0] = 0;
#ifdef VAR_RANGES
		logval("move[0]", ((int)now.move[0]));
#endif
		;
		/* merge: moveDeal[0] = 0(620, 613, 620) */
		reached[0][613] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[0]);
		now.moveDeal[0] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[0]", ((int)now.moveDeal[0]));
#endif
		;
		/* merge: here[0] = 0(620, 615, 620) */
		reached[0][615] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.here[0]);
		now.here[0] = 0;
#ifdef VAR_RANGES
		logval("here[0]", ((int)now.here[0]));
#endif
		;
		/* merge: .(goto)(0, 617, 620) */
		reached[0][617] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 197: // STATE 619 - deal.pml:122 - [assert(((3!=1)||(((here[0]==1)+(at[0]==2))==1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][619] = 1;
		spin_assert(((3!=1)||(((((int)now.here[0])==1)+(((int)now.at[0])==2))==1)), "((3!=1)||(((here[0]==1)+(at[0]==2))==1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 198: // STATE 621 - deal.pml:117 - [assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][621] = 1;
		spin_assert(((3!=3)||((( ((((((int)now.at[0])!=0)||(((int)now.move[0])==2))||((((int)now.hold[0])==2)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( ((((((int)now.at[1])!=0)||(((int)now.move[1])==2))||((((int)now.hold[1])==2)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<=1)), "((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) ? (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) ? (1) : (0) ))<=1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 199: // STATE 624 - deal.pml:313 - [((move[1]==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][624] = 1;
		if (!((((int)now.move[1])==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 200: // STATE 625 - deal.pml:315 - [((((!(targetDown)&&(hold[1]==2))&&(holdDeal[1]==moveDeal[1]))&&!(used[1])))] (660:0:2 - 1)
		IfNotBlocked
		reached[0][625] = 1;
		if (!(((( !(((int)now.targetDown))&&(((int)now.hold[1])==2))&&(((int)now.holdDeal[1])==((int)now.moveDeal[1])))&& !(((int)now.used[1])))))
			continue;
		/* merge: assert(((3!=4)||(((hold[1]==2)&&(holdDeal[1]==moveDeal[1]))&&!(used[1]))))(660, 626, 660) */
		reached[0][626] = 1;
		spin_assert(((3!=4)||(((((int)now.hold[1])==2)&&(((int)now.holdDeal[1])==((int)now.moveDeal[1])))&& !(((int)now.used[1])))), "((3!=4)||(((hold[1]==2)&&(holdDeal[1]==moveDeal[1]))&& !(used[1])))", II, tt, t);
		/* merge: used[1] = 1(660, 627, 660) */
		reached[0][627] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.used[1]);
		now.used[1] = 1;
#ifdef VAR_RANGES
		logval("used[1]", ((int)now.used[1]));
#endif
		;
		/* merge: move[1] = 2(660, 628, 660) */
		reached[0][628] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.move[1]);
		now.move[1] = 2;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: .(goto)(0, 634, 660) */
		reached[0][634] = 1;
		;
		/* merge: .(goto)(0, 657, 660) */
		reached[0][657] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 201: // STATE 630 - deal.pml:220 - [move[1] = 0] (0:660:2 - 1)
		IfNotBlocked
		reached[0][630] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 0;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = 0(660, 631, 660) */
		reached[0][631] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: .(goto)(0, 634, 660) */
		reached[0][634] = 1;
		;
		/* merge: .(goto)(0, 657, 660) */
		reached[0][657] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 202: // STATE 635 - deal.pml:321 - [((move[1]==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][635] = 1;
		if (!((((int)now.move[1])==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 203: // STATE 636 - deal.pml:220 - [move[1] = 0] (0:660:2 - 1)
		IfNotBlocked
		reached[0][636] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 0;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = 0(660, 637, 660) */
		reached[0][637] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: .(goto)(0, 657, 660) */
		reached[0][657] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 204: // STATE 639 - deal.pml:322 - [((move[1]==2))] (660:0:2 - 1)
		IfNotBlocked
		reached[0][639] = 1;
		if (!((((int)now.move[1])==2)))
			continue;
		/* merge: move[1] = 3(660, 640, 660) */
		reached[0][640] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 3;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: at[1] = 1(660, 641, 660) */
		reached[0][641] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.at[1]);
		now.at[1] = 1;
#ifdef VAR_RANGES
		logval("at[1]", ((int)now.at[1]));
#endif
		;
		/* merge: .(goto)(0, 657, 660) */
		reached[0][657] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 205: // STATE 642 - deal.pml:323 - [((move[1]==3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][642] = 1;
		if (!((((int)now.move[1])==3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 206: // STATE 643 - deal.pml:220 - [move[1] = 0] (0:660:3 - 1)
		IfNotBlocked
		reached[0][643] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 0;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = 0(660, 644, 660) */
		reached[0][644] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: at[1] = 0(660, 646, 660) */
		reached[0][646] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.at[1]);
		now.at[1] = 0;
#ifdef VAR_RANGES
		logval("at[1]", ((int)now.at[1]));
#endif
		;
		/* merge: .(goto)(0, 657, 660) */
		reached[0][657] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 207: // STATE 647 - deal.pml:324 - [((move[1]==3))] (660:0:3 - 1)
		IfNotBlocked
		reached[0][647] = 1;
		if (!((((int)now.move[1])==3)))
			continue;
		/* merge: move[1] = 4(660, 648, 660) */
		reached[0][648] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 4;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: at[1] = 2(660, 649, 660) */
		reached[0][649] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.at[1]);
		now.at[1] = 2;
#ifdef VAR_RANGES
		logval("at[1]", ((int)now.at[1]));
#endif
		;
		/* merge: here[1] = 2(660, 650, 660) */
		reached[0][650] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.here[1]);
		now.here[1] = 2;
#ifdef VAR_RANGES
		logval("here[1]", ((int)now.here[1]));
#endif
		;
		/* merge: .(goto)(0, 657, 660) */
		reached[0][657] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 208: // STATE 651 - deal.pml:325 - [((move[1]==4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][651] = 1;
		if (!((((int)now.move[1])==4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 209: // STATE 652 - deal.pml:220 - [move[1] = 0] (0:660:3 - 1)
		IfNotBlocked
		reached[0][652] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.move[1]);
		now.move[1] = 0;
#ifdef VAR_RANGES
		logval("move[1]", ((int)now.move[1]));
#endif
		;
		/* merge: moveDeal[1] = 0(660, 653, 660) */
		reached[0][653] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.moveDeal[1]);
		now.moveDeal[1] = 0;
#ifdef VAR_RANGES
		logval("moveDeal[1]", ((int)now.moveDeal[1]));
#endif
		;
		/* merge: here[1] = 0(660, 655, 660) */
		reached[0][655] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.here[1]);
		now.here[1] = 0;
#ifdef VAR_RANGES
		logval("here[1]", ((int)now.here[1]));
#endif
		;
		/* merge: .(goto)(0, 657, 660) */
		reached[0][657] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 210: // STATE 659 - deal.pml:122 - [assert(((3!=1)||(((here[1]==1)+(at[1]==2))==1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][659] = 1;
		spin_assert(((3!=1)||(((((int)now.here[1])==1)+(((int)now.at[1])==2))==1)), "((3!=1)||(((here[1]==1)+(at[1]==2))==1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 211: // STATE 661 - deal.pml:117 - [assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][661] = 1;
		spin_assert(((3!=3)||((( ((((((int)now.at[0])!=0)||(((int)now.move[0])==2))||((((int)now.hold[0])==2)&&(((int)now.at[0])==0)))) ? (1) : (0) )+( ((((((int)now.at[1])!=0)||(((int)now.move[1])==2))||((((int)now.hold[1])==2)&&(((int)now.at[1])==0)))) ? (1) : (0) ))<=1)), "((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) ? (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) ? (1) : (0) ))<=1))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 212: // STATE 664 - deal.pml:331 - [(((losses>0)&&(ask[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][664] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.ask[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 213: // STATE 665 - deal.pml:102 - [ask[0] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][665] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.ask[0]);
		now.ask[0] = 0;
#ifdef VAR_RANGES
		logval("ask[0]", ((int)now.ask[0]));
#endif
		;
		/* merge: losses = (losses-1)(741, 666, 741) */
		reached[0][666] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 698, 741) */
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 214: // STATE 698 - deal.pml:340 - [.(goto)] (0:741:0 - 8)
		IfNotBlocked
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 215: // STATE 668 - deal.pml:332 - [(((losses>0)&&(offer[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][668] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.offer[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 216: // STATE 669 - deal.pml:102 - [offer[0] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][669] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.offer[0]);
		now.offer[0] = 0;
#ifdef VAR_RANGES
		logval("offer[0]", ((int)now.offer[0]));
#endif
		;
		/* merge: losses = (losses-1)(741, 670, 741) */
		reached[0][670] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 698, 741) */
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 217: // STATE 672 - deal.pml:333 - [(((losses>0)&&(commit[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][672] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.commit[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 218: // STATE 673 - deal.pml:102 - [commit[0] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][673] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.commit[0]);
		now.commit[0] = 0;
#ifdef VAR_RANGES
		logval("commit[0]", ((int)now.commit[0]));
#endif
		;
		/* merge: losses = (losses-1)(741, 674, 741) */
		reached[0][674] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 698, 741) */
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 219: // STATE 676 - deal.pml:334 - [(((losses>0)&&(armed[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][676] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.armed[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 220: // STATE 677 - deal.pml:102 - [armed[0] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][677] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.armed[0]);
		now.armed[0] = 0;
#ifdef VAR_RANGES
		logval("armed[0]", ((int)now.armed[0]));
#endif
		;
		/* merge: losses = (losses-1)(741, 678, 741) */
		reached[0][678] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 698, 741) */
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 221: // STATE 680 - deal.pml:335 - [(((losses>0)&&(refuse[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][680] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.refuse[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 222: // STATE 681 - deal.pml:102 - [refuse[0] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][681] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.refuse[0]);
		now.refuse[0] = 0;
#ifdef VAR_RANGES
		logval("refuse[0]", ((int)now.refuse[0]));
#endif
		;
		/* merge: losses = (losses-1)(741, 682, 741) */
		reached[0][682] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 698, 741) */
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 223: // STATE 684 - deal.pml:336 - [(((losses>0)&&(cancel[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][684] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.cancel[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 224: // STATE 685 - deal.pml:102 - [cancel[0] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][685] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.cancel[0]);
		now.cancel[0] = 0;
#ifdef VAR_RANGES
		logval("cancel[0]", ((int)now.cancel[0]));
#endif
		;
		/* merge: losses = (losses-1)(741, 686, 741) */
		reached[0][686] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 698, 741) */
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 225: // STATE 688 - deal.pml:337 - [(((losses>0)&&(where[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][688] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.where[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 226: // STATE 689 - deal.pml:102 - [where[0] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][689] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.where[0]);
		now.where[0] = 0;
#ifdef VAR_RANGES
		logval("where[0]", ((int)now.where[0]));
#endif
		;
		/* merge: losses = (losses-1)(741, 690, 741) */
		reached[0][690] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 698, 741) */
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 227: // STATE 692 - deal.pml:338 - [(((losses>0)&&(answer[0]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][692] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.answer[0])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 228: // STATE 693 - deal.pml:102 - [answer[0] = 0] (0:741:3 - 1)
		IfNotBlocked
		reached[0][693] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.answer[0]);
		now.answer[0] = 0;
#ifdef VAR_RANGES
		logval("answer[0]", ((int)now.answer[0]));
#endif
		;
		/* merge: losses = (losses-1)(741, 694, 741) */
		reached[0][694] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: answerPlace[0] = 0(741, 696, 741) */
		reached[0][696] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.answerPlace[0]);
		now.answerPlace[0] = 0;
#ifdef VAR_RANGES
		logval("answerPlace[0]", ((int)now.answerPlace[0]));
#endif
		;
		/* merge: .(goto)(741, 698, 741) */
		reached[0][698] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 229: // STATE 701 - deal.pml:331 - [(((losses>0)&&(ask[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][701] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.ask[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 230: // STATE 702 - deal.pml:102 - [ask[1] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][702] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.ask[1]);
		now.ask[1] = 0;
#ifdef VAR_RANGES
		logval("ask[1]", ((int)now.ask[1]));
#endif
		;
		/* merge: losses = (losses-1)(741, 703, 741) */
		reached[0][703] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 735, 741) */
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 231: // STATE 735 - deal.pml:340 - [.(goto)] (0:741:0 - 8)
		IfNotBlocked
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 232: // STATE 705 - deal.pml:332 - [(((losses>0)&&(offer[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][705] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.offer[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 233: // STATE 706 - deal.pml:102 - [offer[1] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][706] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.offer[1]);
		now.offer[1] = 0;
#ifdef VAR_RANGES
		logval("offer[1]", ((int)now.offer[1]));
#endif
		;
		/* merge: losses = (losses-1)(741, 707, 741) */
		reached[0][707] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 735, 741) */
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 234: // STATE 709 - deal.pml:333 - [(((losses>0)&&(commit[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][709] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.commit[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 235: // STATE 710 - deal.pml:102 - [commit[1] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][710] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.commit[1]);
		now.commit[1] = 0;
#ifdef VAR_RANGES
		logval("commit[1]", ((int)now.commit[1]));
#endif
		;
		/* merge: losses = (losses-1)(741, 711, 741) */
		reached[0][711] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 735, 741) */
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 236: // STATE 713 - deal.pml:334 - [(((losses>0)&&(armed[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][713] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.armed[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 237: // STATE 714 - deal.pml:102 - [armed[1] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][714] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.armed[1]);
		now.armed[1] = 0;
#ifdef VAR_RANGES
		logval("armed[1]", ((int)now.armed[1]));
#endif
		;
		/* merge: losses = (losses-1)(741, 715, 741) */
		reached[0][715] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 735, 741) */
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 238: // STATE 717 - deal.pml:335 - [(((losses>0)&&(refuse[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][717] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.refuse[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 239: // STATE 718 - deal.pml:102 - [refuse[1] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][718] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.refuse[1]);
		now.refuse[1] = 0;
#ifdef VAR_RANGES
		logval("refuse[1]", ((int)now.refuse[1]));
#endif
		;
		/* merge: losses = (losses-1)(741, 719, 741) */
		reached[0][719] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 735, 741) */
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 240: // STATE 721 - deal.pml:336 - [(((losses>0)&&(cancel[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][721] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.cancel[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 241: // STATE 722 - deal.pml:102 - [cancel[1] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][722] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.cancel[1]);
		now.cancel[1] = 0;
#ifdef VAR_RANGES
		logval("cancel[1]", ((int)now.cancel[1]));
#endif
		;
		/* merge: losses = (losses-1)(741, 723, 741) */
		reached[0][723] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 735, 741) */
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 242: // STATE 725 - deal.pml:337 - [(((losses>0)&&(where[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][725] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.where[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 243: // STATE 726 - deal.pml:102 - [where[1] = 0] (0:741:2 - 1)
		IfNotBlocked
		reached[0][726] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.where[1]);
		now.where[1] = 0;
#ifdef VAR_RANGES
		logval("where[1]", ((int)now.where[1]));
#endif
		;
		/* merge: losses = (losses-1)(741, 727, 741) */
		reached[0][727] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: .(goto)(741, 735, 741) */
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 244: // STATE 729 - deal.pml:338 - [(((losses>0)&&(answer[1]!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][729] = 1;
		if (!(((((int)now.losses)>0)&&(((int)now.answer[1])!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 245: // STATE 730 - deal.pml:102 - [answer[1] = 0] (0:741:3 - 1)
		IfNotBlocked
		reached[0][730] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.answer[1]);
		now.answer[1] = 0;
#ifdef VAR_RANGES
		logval("answer[1]", ((int)now.answer[1]));
#endif
		;
		/* merge: losses = (losses-1)(741, 731, 741) */
		reached[0][731] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.losses);
		now.losses = (((int)now.losses)-1);
#ifdef VAR_RANGES
		logval("losses", ((int)now.losses));
#endif
		;
		/* merge: answerPlace[1] = 0(741, 733, 741) */
		reached[0][733] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.answerPlace[1]);
		now.answerPlace[1] = 0;
#ifdef VAR_RANGES
		logval("answerPlace[1]", ((int)now.answerPlace[1]));
#endif
		;
		/* merge: .(goto)(741, 735, 741) */
		reached[0][735] = 1;
		;
		/* merge: .(goto)(0, 742, 741) */
		reached[0][742] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 246: // STATE 738 - deal.pml:358 - [(timeout)] (0:0:0 - 1)
		IfNotBlocked
		reached[0][738] = 1;
		if (!(((trpt->tau)&1)))
			continue;
		_m = 1; goto P999; /* 0 */
	case 247: // STATE 739 - deal.pml:358 - [assert(((3!=5)||((((((source[0]==0)&&(source[1]==0))&&(hold[0]==0))&&(hold[1]==0))&&(move[0]==0))&&(move[1]==0))))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][739] = 1;
		spin_assert(((3!=5)||((((((((int)now.source[0])==0)&&(((int)now.source[1])==0))&&(((int)now.hold[0])==0))&&(((int)now.hold[1])==0))&&(((int)now.move[0])==0))&&(((int)now.move[1])==0))), "((3!=5)||((((((source[0]==0)&&(source[1]==0))&&(hold[0]==0))&&(hold[1]==0))&&(move[0]==0))&&(move[1]==0)))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 248: // STATE 744 - deal.pml:360 - [-end-] (0:0:0 - 3)
		IfNotBlocked
		reached[0][744] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */
	case  _T5:	/* np_ */
		if (!((!(trpt->o_pm&4) && !(trpt->tau&128))))
			continue;
		/* else fall through */
	case  _T2:	/* true */
		_m = 3; goto P999;
#undef rand
	}

