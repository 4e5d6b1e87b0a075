	switch (t->back) {
	default: Uerror("bad return move");
	case  0: goto R999; /* nothing to undo */

		 /* PROC world */

	case 3: // STATE 1
		;
		now.here[0] = trpt->bup.oval;
		;
		goto R999;

	case 4: // STATE 2
		;
		now.here[1] = trpt->bup.oval;
		;
		goto R999;

	case 5: // STATE 7
		;
		now.ask[0] = trpt->bup.ovals[2];
		now.source[0] = trpt->bup.ovals[1];
		now.deal[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 7: // STATE 12
		;
		now.commit[0] = trpt->bup.ovals[2];
		now.sourceLog[0] = trpt->bup.ovals[1];
		now.source[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 8: // STATE 17
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 9: // STATE 18
		;
		now.offer[0] = trpt->bup.oval;
		;
		goto R999;

	case 10: // STATE 23
		;
		now.source[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 12: // STATE 29
		;
		now.moveDeal[0] = trpt->bup.ovals[3];
		now.move[0] = trpt->bup.ovals[2];
		now.sourceLog[0] = trpt->bup.ovals[1];
		now.source[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 13: // STATE 34
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 14: // STATE 35
		;
		now.armed[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 16: // STATE 41
		;
		now.source[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 18: // STATE 45
		;
		now.sourceLog[0] = trpt->bup.ovals[1];
		now.source[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 19: // STATE 51
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 20: // STATE 52
		;
		now.refuse[0] = trpt->bup.oval;
		;
		goto R999;

	case 21: // STATE 57
		;
		now.commit[0] = trpt->bup.oval;
		;
		goto R999;

	case 22: // STATE 59
		;
		now.cancel[0] = trpt->bup.oval;
		;
		goto R999;

	case 23: // STATE 62
		;
		now.sourceLog[0] = trpt->bup.ovals[1];
		now.source[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 24: // STATE 65
		;
		now.source[0] = trpt->bup.oval;
		;
		goto R999;

	case 25: // STATE 67
		;
		now.source[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 27: // STATE 70
		;
		now.moveDeal[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 29: // STATE 76
		;
		now.at[0] = trpt->bup.ovals[2];
		now.moveDeal[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 30: // STATE 82
		;
		now.where[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 33: // STATE 87
		;
		now.sourceLog[0] = trpt->bup.ovals[1];
		now.source[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 34: // STATE 90
		;
		now.cancel[0] = trpt->bup.oval;
		;
		goto R999;

	case 35: // STATE 93
		;
		now.sourceLog[0] = trpt->bup.ovals[1];
		now.source[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 36: // STATE 99
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 37: // STATE 100
		;
		now.answer[0] = trpt->bup.oval;
		;
		goto R999;

	case 38: // STATE 105
		;
		now.answerPlace[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 40: // STATE 112
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 41: // STATE 113
		;
		now.offer[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 43: // STATE 119
		;
		now.cancel[0] = trpt->bup.oval;
		;
		goto R999;

	case 44: // STATE 125
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 45: // STATE 126
		;
		now.armed[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 47: // STATE 132
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 48: // STATE 133
		;
		now.refuse[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 50: // STATE 139
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 51: // STATE 140
		;
		now.answer[0] = trpt->bup.oval;
		;
		goto R999;

	case 52: // STATE 145
		;
		now.answerPlace[0] = trpt->bup.oval;
		;
		goto R999;

	case 53: // STATE 153
		;
		now.source[0] = trpt->bup.ovals[2];
		now.sourceDown[0] = trpt->bup.ovals[1];
		now.sourceCrashes[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 54: // STATE 155
		;
		now.sourceDown[0] = trpt->bup.oval;
		;
		goto R999;

	case 55: // STATE 157
		;
		now.cancel[0] = trpt->bup.oval;
		;
		goto R999;

	case 56: // STATE 160
		;
		now.sourceLog[0] = trpt->bup.ovals[1];
		now.source[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 57: // STATE 163
		;
		now.source[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 59: // STATE 166
		;
		now.moveDeal[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 61: // STATE 172
		;
		now.at[0] = trpt->bup.ovals[2];
		now.moveDeal[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		;
		;
		
	case 64: // STATE 192
		;
		now.ask[1] = trpt->bup.ovals[2];
		now.source[1] = trpt->bup.ovals[1];
		now.deal[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 66: // STATE 197
		;
		now.commit[1] = trpt->bup.ovals[2];
		now.sourceLog[1] = trpt->bup.ovals[1];
		now.source[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 67: // STATE 202
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 68: // STATE 203
		;
		now.offer[1] = trpt->bup.oval;
		;
		goto R999;

	case 69: // STATE 208
		;
		now.source[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 71: // STATE 214
		;
		now.moveDeal[1] = trpt->bup.ovals[3];
		now.move[1] = trpt->bup.ovals[2];
		now.sourceLog[1] = trpt->bup.ovals[1];
		now.source[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 72: // STATE 219
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 73: // STATE 220
		;
		now.armed[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 75: // STATE 226
		;
		now.source[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 77: // STATE 230
		;
		now.sourceLog[1] = trpt->bup.ovals[1];
		now.source[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 78: // STATE 236
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 79: // STATE 237
		;
		now.refuse[1] = trpt->bup.oval;
		;
		goto R999;

	case 80: // STATE 242
		;
		now.commit[1] = trpt->bup.oval;
		;
		goto R999;

	case 81: // STATE 244
		;
		now.cancel[1] = trpt->bup.oval;
		;
		goto R999;

	case 82: // STATE 247
		;
		now.sourceLog[1] = trpt->bup.ovals[1];
		now.source[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 83: // STATE 250
		;
		now.source[1] = trpt->bup.oval;
		;
		goto R999;

	case 84: // STATE 252
		;
		now.source[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 86: // STATE 255
		;
		now.moveDeal[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 88: // STATE 261
		;
		now.at[1] = trpt->bup.ovals[2];
		now.moveDeal[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 89: // STATE 267
		;
		now.where[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 92: // STATE 272
		;
		now.sourceLog[1] = trpt->bup.ovals[1];
		now.source[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 93: // STATE 275
		;
		now.cancel[1] = trpt->bup.oval;
		;
		goto R999;

	case 94: // STATE 278
		;
		now.sourceLog[1] = trpt->bup.ovals[1];
		now.source[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 95: // STATE 284
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 96: // STATE 285
		;
		now.answer[1] = trpt->bup.oval;
		;
		goto R999;

	case 97: // STATE 290
		;
		now.answerPlace[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 99: // STATE 297
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 100: // STATE 298
		;
		now.offer[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 102: // STATE 304
		;
		now.cancel[1] = trpt->bup.oval;
		;
		goto R999;

	case 103: // STATE 310
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 104: // STATE 311
		;
		now.armed[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 106: // STATE 317
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 107: // STATE 318
		;
		now.refuse[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 109: // STATE 324
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 110: // STATE 325
		;
		now.answer[1] = trpt->bup.oval;
		;
		goto R999;

	case 111: // STATE 330
		;
		now.answerPlace[1] = trpt->bup.oval;
		;
		goto R999;

	case 112: // STATE 338
		;
		now.source[1] = trpt->bup.ovals[2];
		now.sourceDown[1] = trpt->bup.ovals[1];
		now.sourceCrashes[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 113: // STATE 340
		;
		now.sourceDown[1] = trpt->bup.oval;
		;
		goto R999;

	case 114: // STATE 342
		;
		now.cancel[1] = trpt->bup.oval;
		;
		goto R999;

	case 115: // STATE 345
		;
		now.sourceLog[1] = trpt->bup.ovals[1];
		now.source[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 116: // STATE 348
		;
		now.source[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 118: // STATE 351
		;
		now.moveDeal[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 120: // STATE 357
		;
		now.at[1] = trpt->bup.ovals[2];
		now.moveDeal[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		;
		;
		;
		;
		
	case 124: // STATE 379
		;
		now.offer[0] = trpt->bup.ovals[4];
		now.used[0] = trpt->bup.ovals[3];
		now.holdDeal[0] = trpt->bup.ovals[2];
		now.holdLog[0] = trpt->bup.ovals[1];
		now.hold[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;

	case 125: // STATE 381
		;
		now.refuse[0] = trpt->bup.oval;
		;
		goto R999;

	case 126: // STATE 385
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 127: // STATE 386
		;
		now.ask[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 129: // STATE 394
		;
		now.used[0] = trpt->bup.ovals[3];
		now.holdLog[0] = trpt->bup.ovals[2];
		now.holdDeal[0] = trpt->bup.ovals[1];
		now.hold[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;
;
		;
		
	case 131: // STATE 400
		;
		now.holdLog[0] = trpt->bup.ovals[2];
		now.armed[0] = trpt->bup.ovals[1];
		now.hold[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 132: // STATE 402
		;
		now.armed[0] = trpt->bup.oval;
		;
		goto R999;

	case 133: // STATE 404
		;
		now.refuse[0] = trpt->bup.oval;
		;
		goto R999;

	case 134: // STATE 408
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 135: // STATE 409
		;
		now.commit[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 137: // STATE 417
		;
		now.used[0] = trpt->bup.ovals[3];
		now.holdLog[0] = trpt->bup.ovals[2];
		now.holdDeal[0] = trpt->bup.ovals[1];
		now.hold[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 138: // STATE 420
		;
		now.hold[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 140: // STATE 425
		;
		now.used[0] = trpt->bup.ovals[3];
		now.holdLog[0] = trpt->bup.ovals[2];
		now.holdDeal[0] = trpt->bup.ovals[1];
		now.hold[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;
;
		;
		;
		;
		;
		;
		
	case 144: // STATE 433
		;
		now.used[0] = trpt->bup.ovals[3];
		now.holdLog[0] = trpt->bup.ovals[2];
		now.holdDeal[0] = trpt->bup.ovals[1];
		now.hold[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 145: // STATE 442
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 146: // STATE 443
		;
		now.cancel[0] = trpt->bup.oval;
		;
		goto R999;

	case 147: // STATE 449
		;
		now.answerPlace[0] = trpt->bup.ovals[1];
		now.answer[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 148: // STATE 451
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 149: // STATE 452
		;
		now.where[0] = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 152: // STATE 468
		;
		now.offer[1] = trpt->bup.ovals[4];
		now.used[1] = trpt->bup.ovals[3];
		now.holdDeal[1] = trpt->bup.ovals[2];
		now.holdLog[1] = trpt->bup.ovals[1];
		now.hold[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;

	case 153: // STATE 470
		;
		now.refuse[1] = trpt->bup.oval;
		;
		goto R999;

	case 154: // STATE 474
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 155: // STATE 475
		;
		now.ask[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 157: // STATE 483
		;
		now.used[1] = trpt->bup.ovals[3];
		now.holdLog[1] = trpt->bup.ovals[2];
		now.holdDeal[1] = trpt->bup.ovals[1];
		now.hold[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;
;
		;
		
	case 159: // STATE 489
		;
		now.holdLog[1] = trpt->bup.ovals[2];
		now.armed[1] = trpt->bup.ovals[1];
		now.hold[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 160: // STATE 491
		;
		now.armed[1] = trpt->bup.oval;
		;
		goto R999;

	case 161: // STATE 493
		;
		now.refuse[1] = trpt->bup.oval;
		;
		goto R999;

	case 162: // STATE 497
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 163: // STATE 498
		;
		now.commit[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 165: // STATE 506
		;
		now.used[1] = trpt->bup.ovals[3];
		now.holdLog[1] = trpt->bup.ovals[2];
		now.holdDeal[1] = trpt->bup.ovals[1];
		now.hold[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 166: // STATE 509
		;
		now.hold[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 168: // STATE 514
		;
		now.used[1] = trpt->bup.ovals[3];
		now.holdLog[1] = trpt->bup.ovals[2];
		now.holdDeal[1] = trpt->bup.ovals[1];
		now.hold[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;
;
		;
		;
		;
		;
		;
		
	case 172: // STATE 522
		;
		now.used[1] = trpt->bup.ovals[3];
		now.holdLog[1] = trpt->bup.ovals[2];
		now.holdDeal[1] = trpt->bup.ovals[1];
		now.hold[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 173: // STATE 531
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 174: // STATE 532
		;
		now.cancel[1] = trpt->bup.oval;
		;
		goto R999;

	case 175: // STATE 538
		;
		now.answerPlace[1] = trpt->bup.ovals[1];
		now.answer[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 176: // STATE 540
		;
		now.doubles = trpt->bup.oval;
		;
		goto R999;

	case 177: // STATE 541
		;
		now.where[1] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 179: // STATE 557
		;
		now.used[1] = trpt->bup.ovals[5];
		now.used[0] = trpt->bup.ovals[4];
		now.hold[1] = trpt->bup.ovals[3];
		now.hold[0] = trpt->bup.ovals[2];
		now.targetDown = trpt->bup.ovals[1];
		now.targetCrashes = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 180: // STATE 559
		;
		now.targetDown = trpt->bup.oval;
		;
		goto R999;

	case 181: // STATE 562
		;
		now.used[0] = trpt->bup.ovals[1];
		now.hold[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 182: // STATE 565
		;
		now.holdDeal[0] = trpt->bup.ovals[1];
		now.holdLog[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 183: // STATE 571
		;
		now.used[1] = trpt->bup.ovals[1];
		now.hold[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 184: // STATE 574
		;
		now.holdDeal[1] = trpt->bup.ovals[1];
		now.holdLog[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		;
		;
		
	case 187: // STATE 588
		;
		now.move[0] = trpt->bup.ovals[1];
		now.used[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 188: // STATE 591
		;
		now.moveDeal[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 190: // STATE 597
		;
		now.moveDeal[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 191: // STATE 601
		;
		now.at[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 193: // STATE 606
		;
		now.at[0] = trpt->bup.ovals[2];
		now.moveDeal[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 194: // STATE 610
		;
		now.here[0] = trpt->bup.ovals[2];
		now.at[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 196: // STATE 615
		;
		now.here[0] = trpt->bup.ovals[2];
		now.moveDeal[0] = trpt->bup.ovals[1];
		now.move[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		;
		;
		;
		;
		
	case 200: // STATE 628
		;
		now.move[1] = trpt->bup.ovals[1];
		now.used[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 201: // STATE 631
		;
		now.moveDeal[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 203: // STATE 637
		;
		now.moveDeal[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 204: // STATE 641
		;
		now.at[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 206: // STATE 646
		;
		now.at[1] = trpt->bup.ovals[2];
		now.moveDeal[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 207: // STATE 650
		;
		now.here[1] = trpt->bup.ovals[2];
		now.at[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 209: // STATE 655
		;
		now.here[1] = trpt->bup.ovals[2];
		now.moveDeal[1] = trpt->bup.ovals[1];
		now.move[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		;
		;
		;
		;
		
	case 213: // STATE 666
		;
		now.losses = trpt->bup.ovals[1];
		now.ask[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		
	case 214: // STATE 698
		goto R999;
;
		;
		
	case 216: // STATE 670
		;
		now.losses = trpt->bup.ovals[1];
		now.offer[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 218: // STATE 674
		;
		now.losses = trpt->bup.ovals[1];
		now.commit[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 220: // STATE 678
		;
		now.losses = trpt->bup.ovals[1];
		now.armed[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 222: // STATE 682
		;
		now.losses = trpt->bup.ovals[1];
		now.refuse[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 224: // STATE 686
		;
		now.losses = trpt->bup.ovals[1];
		now.cancel[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 226: // STATE 690
		;
		now.losses = trpt->bup.ovals[1];
		now.where[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 228: // STATE 696
		;
		now.answerPlace[0] = trpt->bup.ovals[2];
		now.losses = trpt->bup.ovals[1];
		now.answer[0] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 230: // STATE 703
		;
		now.losses = trpt->bup.ovals[1];
		now.ask[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		
	case 231: // STATE 735
		goto R999;
;
		;
		
	case 233: // STATE 707
		;
		now.losses = trpt->bup.ovals[1];
		now.offer[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 235: // STATE 711
		;
		now.losses = trpt->bup.ovals[1];
		now.commit[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 237: // STATE 715
		;
		now.losses = trpt->bup.ovals[1];
		now.armed[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 239: // STATE 719
		;
		now.losses = trpt->bup.ovals[1];
		now.refuse[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 241: // STATE 723
		;
		now.losses = trpt->bup.ovals[1];
		now.cancel[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 243: // STATE 727
		;
		now.losses = trpt->bup.ovals[1];
		now.where[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 245: // STATE 733
		;
		now.answerPlace[1] = trpt->bup.ovals[2];
		now.losses = trpt->bup.ovals[1];
		now.answer[1] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		;
		;
		
	case 248: // STATE 744
		;
		p_restor(II);
		;
		;
		goto R999;
	}

