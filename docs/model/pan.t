#ifdef PEG
struct T_SRC {
	char *fl; int ln;
} T_SRC[NTRANS];

void
tr_2_src(int m, char *file, int ln)
{	T_SRC[m].fl = file;
	T_SRC[m].ln = ln;
}

void
putpeg(int n, int m)
{	printf("%5d	trans %4d ", m, n);
	printf("%s:%d\n",
		T_SRC[n].fl, T_SRC[n].ln);
}
#endif

void
settable(void)
{	Trans *T;
	Trans *settr(int, int, int, int, int, char *, int, int, int);

	trans = (Trans ***) emalloc(2*sizeof(Trans **));

	/* proctype 0: world */

	trans[0] = (Trans **) emalloc(745*sizeof(Trans *));

	trans[0][1]	= settr(0,0,2,3,3,"here[0] = 1", 1, 2, 0);
	trans[0][2]	= settr(1,0,741,4,4,"here[1] = 1", 1, 2, 0);
	trans[0][742]	= settr(741,0,741,1,0,".(goto)", 0, 2, 0);
	T = trans[0][741] = settr(740,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,187,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,372,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,461,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,550,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,583,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,623,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,663,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,700,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(740,0,737,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(740,0,738,0,0,"DO", 0, 2, 0);
	T = trans[ 0][187] = settr(186,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(186,2,182,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][182] = settr(181,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(181,0,180,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][180] = settr(179,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,3,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,8,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,22,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,24,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,39,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,56,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,58,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,64,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,66,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,81,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,83,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,110,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,117,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,130,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,137,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(179,2,150,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(179,2,154,0,0,"IF", 1, 2, 0);
	trans[0][3]	= settr(2,2,184,5,5,"(((((source[0]==0)&&!(sourceDown[0]))&&(deal[0]<( ((0==0)) -> (2) : (1) )))&&(here[0]==1)))", 1, 2, 0); /* m: 4 -> 184,0 */
	reached0[4] = 1;
	trans[0][4]	= settr(0,0,0,0,0,"assert(((3!=2)||(move[0]==0)))",0,0,0);
	trans[0][5]	= settr(0,0,0,0,0,"deal[0] = (deal[0]+1)",0,0,0);
	trans[0][6]	= settr(0,0,0,0,0,"source[0] = 1",0,0,0);
	trans[0][7]	= settr(0,0,0,0,0,"ask[0] = deal[0]",0,0,0);
	trans[0][181]	= settr(180,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][8]	= settr(7,2,14,6,0,"((((source[0]==1)&&!(sourceDown[0]))&&(offer[0]!=0)))", 1, 2, 0);
	T = trans[0][14] = settr(13,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(13,2,9,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(13,2,13,0,0,"IF", 1, 2, 0);
	trans[0][9]	= settr(8,2,21,7,7,"((offer[0]==deal[0]))", 1, 2, 0); /* m: 10 -> 21,0 */
	reached0[10] = 1;
	trans[0][10]	= settr(0,0,0,0,0,"source[0] = 2",0,0,0);
	trans[0][11]	= settr(0,0,0,0,0,"sourceLog[0] = 2",0,0,0);
	trans[0][12]	= settr(0,0,0,0,0,"commit[0] = deal[0]",0,0,0);
	trans[0][15]	= settr(14,2,21,1,0,".(goto)", 1, 2, 0);
	trans[0][13]	= settr(12,2,21,2,0,"else", 1, 2, 0);
	T = trans[ 0][21] = settr(20,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(20,0,19,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][19] = settr(18,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(18,2,16,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(18,2,18,0,0,"IF", 1, 2, 0);
	trans[0][16]	= settr(15,2,184,8,8,"((doubles>0))", 1, 2, 0); /* m: 17 -> 184,0 */
	reached0[17] = 1;
	trans[0][17]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][20]	= settr(19,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][18]	= settr(17,2,184,9,9,"offer[0] = 0", 1, 2, 0);
	trans[0][22]	= settr(21,2,184,10,10,"((((source[0]==1)&&!(sourceDown[0]))&&(((((((ask[0]==0)&&(offer[0]==0))&&(commit[0]==0))&&(armed[0]==0))&&(refuse[0]==0))&&(where[0]==0))&&(answer[0]==0))))", 1, 2, 0); /* m: 23 -> 184,0 */
	reached0[23] = 1;
	trans[0][23]	= settr(0,0,0,0,0,"source[0] = 0",0,0,0);
	trans[0][24]	= settr(23,2,31,11,0,"((((source[0]==2)&&!(sourceDown[0]))&&(armed[0]!=0)))", 1, 2, 0);
	T = trans[0][31] = settr(30,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(30,2,25,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(30,2,30,0,0,"IF", 1, 2, 0);
	trans[0][25]	= settr(24,2,38,12,12,"((((armed[0]==deal[0])&&(here[0]==1))&&(move[0]==0)))", 1, 2, 0); /* m: 26 -> 38,0 */
	reached0[26] = 1;
	trans[0][26]	= settr(0,0,0,0,0,"source[0] = 3",0,0,0);
	trans[0][27]	= settr(0,0,0,0,0,"sourceLog[0] = 3",0,0,0);
	trans[0][28]	= settr(0,0,0,0,0,"move[0] = 1",0,0,0);
	trans[0][29]	= settr(0,0,0,0,0,"moveDeal[0] = deal[0]",0,0,0);
	trans[0][32]	= settr(31,2,38,1,0,".(goto)", 1, 2, 0);
	trans[0][30]	= settr(29,2,38,2,0,"else", 1, 2, 0);
	T = trans[ 0][38] = settr(37,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(37,0,36,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][36] = settr(35,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(35,2,33,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(35,2,35,0,0,"IF", 1, 2, 0);
	trans[0][33]	= settr(32,2,184,13,13,"((doubles>0))", 1, 2, 0); /* m: 34 -> 184,0 */
	reached0[34] = 1;
	trans[0][34]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][37]	= settr(36,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][35]	= settr(34,2,184,14,14,"armed[0] = 0", 1, 2, 0);
	trans[0][39]	= settr(38,2,48,15,0,"(((((source[0]==1)||(source[0]==2))&&!(sourceDown[0]))&&(refuse[0]!=0)))", 1, 2, 0);
	T = trans[0][48] = settr(47,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(47,2,40,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(47,2,42,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(47,2,47,0,0,"IF", 1, 2, 0);
	trans[0][40]	= settr(39,2,55,16,16,"(((refuse[0]==deal[0])&&(source[0]==1)))", 1, 2, 0); /* m: 41 -> 55,0 */
	reached0[41] = 1;
	trans[0][41]	= settr(0,0,0,0,0,"source[0] = 0",0,0,0);
	trans[0][49]	= settr(48,2,55,1,0,".(goto)", 1, 2, 0);
	trans[0][42]	= settr(41,2,46,17,0,"(((refuse[0]==deal[0])&&(source[0]==2)))", 1, 2, 0);
	T = trans[ 0][46] = settr(45,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(45,0,43,0,0,"sub-sequence", 1, 2, 0);
	trans[0][43]	= settr(42,2,55,18,18,"assert(((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||((!(0)&&(here[0]==1))&&(move[0]==0)))))", 1, 2, 0); /* m: 44 -> 0,55 */
	reached0[44] = 1;
	trans[0][44]	= settr(0,0,0,0,0,"source[0] = 0",0,0,0);
	trans[0][45]	= settr(0,0,0,0,0,"sourceLog[0] = 0",0,0,0);
	trans[0][47]	= settr(46,2,55,2,0,"else", 1, 2, 0);
	T = trans[ 0][55] = settr(54,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(54,0,53,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][53] = settr(52,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(52,2,50,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(52,2,52,0,0,"IF", 1, 2, 0);
	trans[0][50]	= settr(49,2,184,19,19,"((doubles>0))", 1, 2, 0); /* m: 51 -> 184,0 */
	reached0[51] = 1;
	trans[0][51]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][54]	= settr(53,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][52]	= settr(51,2,184,20,20,"refuse[0] = 0", 1, 2, 0);
	trans[0][56]	= settr(55,2,184,21,21,"((((source[0]==2)&&!(sourceDown[0]))&&(((((((ask[0]==0)&&(offer[0]==0))&&(commit[0]==0))&&(armed[0]==0))&&(refuse[0]==0))&&(where[0]==0))&&(answer[0]==0))))", 1, 2, 0); /* m: 57 -> 184,0 */
	reached0[57] = 1;
	trans[0][57]	= settr(0,0,0,0,0,"commit[0] = deal[0]",0,0,0);
	trans[0][58]	= settr(57,2,63,22,22,"(((source[0]==2)&&!(sourceDown[0])))", 1, 2, 0); /* m: 59 -> 63,0 */
	reached0[59] = 1;
	trans[0][59]	= settr(0,0,0,0,0,"cancel[0] = deal[0]",0,0,0);
	T = trans[ 0][63] = settr(62,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(62,0,60,0,0,"sub-sequence", 1, 2, 0);
	trans[0][60]	= settr(59,2,184,23,23,"assert(((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||((!(0)&&(here[0]==1))&&(move[0]==0)))))", 1, 2, 0); /* m: 61 -> 0,184 */
	reached0[61] = 1;
	trans[0][61]	= settr(0,0,0,0,0,"source[0] = 0",0,0,0);
	trans[0][62]	= settr(0,0,0,0,0,"sourceLog[0] = 0",0,0,0);
	trans[0][64]	= settr(63,2,184,24,24,"((((source[0]==3)&&!(sourceDown[0]))&&(move[0]==0)))", 1, 2, 0); /* m: 65 -> 184,0 */
	reached0[65] = 1;
	trans[0][65]	= settr(0,0,0,0,0,"source[0] = 4",0,0,0);
	trans[0][66]	= settr(65,2,80,25,25,"((((source[0]==3)&&!(sourceDown[0]))&&(move[0]!=0)))", 1, 2, 0); /* m: 67 -> 80,0 */
	reached0[67] = 1;
	trans[0][67]	= settr(0,0,0,0,0,"source[0] = 4",0,0,0);
	T = trans[ 0][80] = settr(79,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(79,0,78,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][78] = settr(77,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(77,2,68,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(77,2,72,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(77,2,77,0,0,"IF", 1, 2, 0);
	trans[0][68]	= settr(67,2,71,26,0,"((move[0]==1))", 1, 2, 0);
	T = trans[ 0][71] = settr(70,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(70,0,69,0,0,"sub-sequence", 1, 2, 0);
	trans[0][69]	= settr(68,2,184,27,27,"move[0] = 0", 1, 2, 0); /* m: 70 -> 0,184 */
	reached0[70] = 1;
	trans[0][70]	= settr(0,0,0,0,0,"moveDeal[0] = 0",0,0,0);
	trans[0][79]	= settr(78,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][72]	= settr(71,2,75,28,0,"(((move[0]==2)||(move[0]==3)))", 1, 2, 0);
	T = trans[ 0][75] = settr(74,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(74,0,73,0,0,"sub-sequence", 1, 2, 0);
	trans[0][73]	= settr(72,2,184,29,29,"move[0] = 0", 1, 2, 0); /* m: 74 -> 0,184 */
	reached0[74] = 1;
	trans[0][74]	= settr(0,0,0,0,0,"moveDeal[0] = 0",0,0,0);
	trans[0][76]	= settr(0,0,0,0,0,"at[0] = 0",0,0,0);
	trans[0][77]	= settr(76,2,184,1,0,"(1)", 1, 2, 0);
	trans[0][81]	= settr(80,2,184,30,30,"((((((source[0]==4)&&!(sourceDown[0]))&&(move[0]==0))&&(where[0]==0))&&(answer[0]==0)))", 1, 2, 0); /* m: 82 -> 184,0 */
	reached0[82] = 1;
	trans[0][82]	= settr(0,0,0,0,0,"where[0] = deal[0]",0,0,0);
	trans[0][83]	= settr(82,2,96,31,0,"((((source[0]==4)&&!(sourceDown[0]))&&(answer[0]!=0)))", 1, 2, 0);
	T = trans[0][96] = settr(95,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(95,2,84,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(95,2,89,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(95,2,95,0,0,"IF", 1, 2, 0);
	trans[0][84]	= settr(83,2,88,32,0,"(((((answer[0]==deal[0])&&(move[0]==0))&&(here[0]==0))&&(answerPlace[0]==2)))", 1, 2, 0);
	T = trans[ 0][88] = settr(87,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(87,0,85,0,0,"sub-sequence", 1, 2, 0);
	trans[0][85]	= settr(84,2,109,33,33,"assert(((3!=6)||(((1&&(at[0]==2))&&(here[0]==0))||((!(1)&&(here[0]==1))&&(move[0]==0)))))", 1, 2, 0); /* m: 86 -> 0,109 */
	reached0[86] = 1;
	trans[0][86]	= settr(0,0,0,0,0,"source[0] = 0",0,0,0);
	trans[0][87]	= settr(0,0,0,0,0,"sourceLog[0] = 0",0,0,0);
	trans[0][97]	= settr(96,2,109,1,0,".(goto)", 1, 2, 0);
	trans[0][89]	= settr(88,2,94,34,34,"(((((answer[0]==deal[0])&&(move[0]==0))&&(here[0]==1))&&(answerPlace[0]==0)))", 1, 2, 0); /* m: 90 -> 94,0 */
	reached0[90] = 1;
	trans[0][90]	= settr(0,0,0,0,0,"cancel[0] = deal[0]",0,0,0);
	T = trans[ 0][94] = settr(93,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(93,0,91,0,0,"sub-sequence", 1, 2, 0);
	trans[0][91]	= settr(90,2,109,35,35,"assert(((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||((!(0)&&(here[0]==1))&&(move[0]==0)))))", 1, 2, 0); /* m: 92 -> 0,109 */
	reached0[92] = 1;
	trans[0][92]	= settr(0,0,0,0,0,"source[0] = 0",0,0,0);
	trans[0][93]	= settr(0,0,0,0,0,"sourceLog[0] = 0",0,0,0);
	trans[0][95]	= settr(94,2,109,2,0,"else", 1, 2, 0);
	T = trans[ 0][109] = settr(108,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(108,0,103,0,0,"sub-sequence", 1, 2, 0);
	T = trans[ 0][103] = settr(102,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(102,0,101,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][101] = settr(100,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(100,2,98,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(100,2,100,0,0,"IF", 1, 2, 0);
	trans[0][98]	= settr(97,2,107,36,36,"((doubles>0))", 1, 2, 0); /* m: 99 -> 107,0 */
	reached0[99] = 1;
	trans[0][99]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][102]	= settr(101,2,107,1,0,".(goto)", 1, 2, 0);
	trans[0][100]	= settr(99,2,107,37,37,"answer[0] = 0", 1, 2, 0);
	T = trans[0][107] = settr(106,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(106,2,104,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(106,2,106,0,0,"IF", 1, 2, 0);
	trans[0][104]	= settr(103,2,184,38,38,"((answer[0]==0))", 1, 2, 0); /* m: 105 -> 184,0 */
	reached0[105] = 1;
	trans[0][105]	= settr(0,0,0,0,0,"answerPlace[0] = 0",0,0,0);
	trans[0][108]	= settr(107,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][106]	= settr(105,2,184,2,0,"else", 1, 2, 0);
	trans[0][110]	= settr(109,2,116,39,0,"((((source[0]!=1)&&!(sourceDown[0]))&&(offer[0]!=0)))", 1, 2, 0);
	T = trans[ 0][116] = settr(115,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(115,0,114,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][114] = settr(113,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(113,2,111,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(113,2,113,0,0,"IF", 1, 2, 0);
	trans[0][111]	= settr(110,2,184,40,40,"((doubles>0))", 1, 2, 0); /* m: 112 -> 184,0 */
	reached0[112] = 1;
	trans[0][112]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][115]	= settr(114,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][113]	= settr(112,2,184,41,41,"offer[0] = 0", 1, 2, 0);
	trans[0][117]	= settr(116,2,123,42,0,"((((source[0]!=2)&&!(sourceDown[0]))&&(armed[0]!=0)))", 1, 2, 0);
	T = trans[ 0][123] = settr(122,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(122,0,121,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][121] = settr(120,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(120,2,118,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(120,2,120,0,0,"IF", 1, 2, 0);
	trans[0][118]	= settr(117,2,129,43,43,"((source[0]==0))", 1, 2, 0); /* m: 119 -> 129,0 */
	reached0[119] = 1;
	trans[0][119]	= settr(0,0,0,0,0,"cancel[0] = armed[0]",0,0,0);
	trans[0][122]	= settr(121,2,129,1,0,".(goto)", 1, 2, 0);
	trans[0][120]	= settr(119,2,129,2,0,"else", 1, 2, 0);
	T = trans[ 0][129] = settr(128,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(128,0,127,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][127] = settr(126,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(126,2,124,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(126,2,126,0,0,"IF", 1, 2, 0);
	trans[0][124]	= settr(123,2,184,44,44,"((doubles>0))", 1, 2, 0); /* m: 125 -> 184,0 */
	reached0[125] = 1;
	trans[0][125]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][128]	= settr(127,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][126]	= settr(125,2,184,45,45,"armed[0] = 0", 1, 2, 0);
	trans[0][130]	= settr(129,2,136,46,0,"(((((source[0]!=1)&&(source[0]!=2))&&!(sourceDown[0]))&&(refuse[0]!=0)))", 1, 2, 0);
	T = trans[ 0][136] = settr(135,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(135,0,134,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][134] = settr(133,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(133,2,131,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(133,2,133,0,0,"IF", 1, 2, 0);
	trans[0][131]	= settr(130,2,184,47,47,"((doubles>0))", 1, 2, 0); /* m: 132 -> 184,0 */
	reached0[132] = 1;
	trans[0][132]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][135]	= settr(134,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][133]	= settr(132,2,184,48,48,"refuse[0] = 0", 1, 2, 0);
	trans[0][137]	= settr(136,2,149,49,0,"((((source[0]!=4)&&!(sourceDown[0]))&&(answer[0]!=0)))", 1, 2, 0);
	T = trans[ 0][149] = settr(148,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(148,0,143,0,0,"sub-sequence", 1, 2, 0);
	T = trans[ 0][143] = settr(142,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(142,0,141,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][141] = settr(140,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(140,2,138,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(140,2,140,0,0,"IF", 1, 2, 0);
	trans[0][138]	= settr(137,2,147,50,50,"((doubles>0))", 1, 2, 0); /* m: 139 -> 147,0 */
	reached0[139] = 1;
	trans[0][139]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][142]	= settr(141,2,147,1,0,".(goto)", 1, 2, 0);
	trans[0][140]	= settr(139,2,147,51,51,"answer[0] = 0", 1, 2, 0);
	T = trans[0][147] = settr(146,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(146,2,144,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(146,2,146,0,0,"IF", 1, 2, 0);
	trans[0][144]	= settr(143,2,184,52,52,"((answer[0]==0))", 1, 2, 0); /* m: 145 -> 184,0 */
	reached0[145] = 1;
	trans[0][145]	= settr(0,0,0,0,0,"answerPlace[0] = 0",0,0,0);
	trans[0][148]	= settr(147,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][146]	= settr(145,2,184,2,0,"else", 1, 2, 0);
	trans[0][150]	= settr(149,2,184,53,53,"((!(sourceDown[0])&&(sourceCrashes[0]>0)))", 1, 2, 0); /* m: 151 -> 184,0 */
	reached0[151] = 1;
	trans[0][151]	= settr(0,0,0,0,0,"sourceCrashes[0] = (sourceCrashes[0]-1)",0,0,0);
	trans[0][152]	= settr(0,0,0,0,0,"sourceDown[0] = 1",0,0,0);
	trans[0][153]	= settr(0,0,0,0,0,"source[0] = 0",0,0,0);
	trans[0][154]	= settr(153,2,178,54,54,"(sourceDown[0])", 1, 2, 0); /* m: 155 -> 178,0 */
	reached0[155] = 1;
	trans[0][155]	= settr(0,0,0,0,0,"sourceDown[0] = 0",0,0,0);
	T = trans[0][178] = settr(177,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(177,2,156,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(177,2,162,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(177,2,177,0,0,"IF", 1, 2, 0);
	trans[0][156]	= settr(155,2,161,55,55,"((sourceLog[0]==2))", 1, 2, 0); /* m: 157 -> 161,0 */
	reached0[157] = 1;
	trans[0][157]	= settr(0,0,0,0,0,"cancel[0] = deal[0]",0,0,0);
	T = trans[ 0][161] = settr(160,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(160,0,158,0,0,"sub-sequence", 1, 2, 0);
	trans[0][158]	= settr(157,2,184,56,56,"assert(((3!=6)||(((0&&(at[0]==2))&&(here[0]==0))||((!(0)&&(here[0]==1))&&(move[0]==0)))))", 1, 2, 0); /* m: 159 -> 0,184 */
	reached0[159] = 1;
	trans[0][159]	= settr(0,0,0,0,0,"source[0] = 0",0,0,0);
	trans[0][160]	= settr(0,0,0,0,0,"sourceLog[0] = 0",0,0,0);
	trans[0][179]	= settr(178,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][162]	= settr(161,2,176,57,57,"((sourceLog[0]==3))", 1, 2, 0); /* m: 163 -> 176,0 */
	reached0[163] = 1;
	trans[0][163]	= settr(0,0,0,0,0,"source[0] = 4",0,0,0);
	T = trans[ 0][176] = settr(175,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(175,0,174,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][174] = settr(173,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(173,2,164,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(173,2,168,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(173,2,173,0,0,"IF", 1, 2, 0);
	trans[0][164]	= settr(163,2,167,58,0,"((move[0]==1))", 1, 2, 0);
	T = trans[ 0][167] = settr(166,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(166,0,165,0,0,"sub-sequence", 1, 2, 0);
	trans[0][165]	= settr(164,2,184,59,59,"move[0] = 0", 1, 2, 0); /* m: 166 -> 0,184 */
	reached0[166] = 1;
	trans[0][166]	= settr(0,0,0,0,0,"moveDeal[0] = 0",0,0,0);
	trans[0][175]	= settr(174,2,184,1,0,".(goto)", 1, 2, 0);
	trans[0][168]	= settr(167,2,171,60,0,"(((move[0]==2)||(move[0]==3)))", 1, 2, 0);
	T = trans[ 0][171] = settr(170,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(170,0,169,0,0,"sub-sequence", 1, 2, 0);
	trans[0][169]	= settr(168,2,184,61,61,"move[0] = 0", 1, 2, 0); /* m: 170 -> 0,184 */
	reached0[170] = 1;
	trans[0][170]	= settr(0,0,0,0,0,"moveDeal[0] = 0",0,0,0);
	trans[0][172]	= settr(0,0,0,0,0,"at[0] = 0",0,0,0);
	trans[0][173]	= settr(172,2,184,1,0,"(1)", 1, 2, 0);
	trans[0][177]	= settr(176,2,184,2,0,"else", 1, 2, 0);
	T = trans[ 0][184] = settr(183,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(183,0,183,0,0,"sub-sequence", 1, 2, 0);
	trans[0][183]	= settr(182,2,186,62,0,"assert(((3!=1)||(((here[0]==1)+(at[0]==2))==1)))", 1, 2, 0);
	T = trans[ 0][186] = settr(185,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(185,0,185,0,0,"sub-sequence", 1, 2, 0);
	trans[0][185]	= settr(184,0,741,63,0,"assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))", 1, 2, 0);
	T = trans[ 0][372] = settr(371,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(371,2,367,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][367] = settr(366,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(366,0,365,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][365] = settr(364,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,188,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,193,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,207,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,209,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,224,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,241,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,243,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,249,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,251,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,266,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,268,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,295,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,302,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,315,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,322,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(364,2,335,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(364,2,339,0,0,"IF", 1, 2, 0);
	trans[0][188]	= settr(187,2,369,64,64,"(((((source[1]==0)&&!(sourceDown[1]))&&(deal[1]<( ((1==0)) -> (2) : (1) )))&&(here[1]==1)))", 1, 2, 0); /* m: 189 -> 369,0 */
	reached0[189] = 1;
	trans[0][189]	= settr(0,0,0,0,0,"assert(((3!=2)||(move[1]==0)))",0,0,0);
	trans[0][190]	= settr(0,0,0,0,0,"deal[1] = (deal[1]+1)",0,0,0);
	trans[0][191]	= settr(0,0,0,0,0,"source[1] = 1",0,0,0);
	trans[0][192]	= settr(0,0,0,0,0,"ask[1] = deal[1]",0,0,0);
	trans[0][366]	= settr(365,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][193]	= settr(192,2,199,65,0,"((((source[1]==1)&&!(sourceDown[1]))&&(offer[1]!=0)))", 1, 2, 0);
	T = trans[0][199] = settr(198,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(198,2,194,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(198,2,198,0,0,"IF", 1, 2, 0);
	trans[0][194]	= settr(193,2,206,66,66,"((offer[1]==deal[1]))", 1, 2, 0); /* m: 195 -> 206,0 */
	reached0[195] = 1;
	trans[0][195]	= settr(0,0,0,0,0,"source[1] = 2",0,0,0);
	trans[0][196]	= settr(0,0,0,0,0,"sourceLog[1] = 2",0,0,0);
	trans[0][197]	= settr(0,0,0,0,0,"commit[1] = deal[1]",0,0,0);
	trans[0][200]	= settr(199,2,206,1,0,".(goto)", 1, 2, 0);
	trans[0][198]	= settr(197,2,206,2,0,"else", 1, 2, 0);
	T = trans[ 0][206] = settr(205,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(205,0,204,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][204] = settr(203,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(203,2,201,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(203,2,203,0,0,"IF", 1, 2, 0);
	trans[0][201]	= settr(200,2,369,67,67,"((doubles>0))", 1, 2, 0); /* m: 202 -> 369,0 */
	reached0[202] = 1;
	trans[0][202]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][205]	= settr(204,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][203]	= settr(202,2,369,68,68,"offer[1] = 0", 1, 2, 0);
	trans[0][207]	= settr(206,2,369,69,69,"((((source[1]==1)&&!(sourceDown[1]))&&(((((((ask[1]==0)&&(offer[1]==0))&&(commit[1]==0))&&(armed[1]==0))&&(refuse[1]==0))&&(where[1]==0))&&(answer[1]==0))))", 1, 2, 0); /* m: 208 -> 369,0 */
	reached0[208] = 1;
	trans[0][208]	= settr(0,0,0,0,0,"source[1] = 0",0,0,0);
	trans[0][209]	= settr(208,2,216,70,0,"((((source[1]==2)&&!(sourceDown[1]))&&(armed[1]!=0)))", 1, 2, 0);
	T = trans[0][216] = settr(215,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(215,2,210,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(215,2,215,0,0,"IF", 1, 2, 0);
	trans[0][210]	= settr(209,2,223,71,71,"((((armed[1]==deal[1])&&(here[1]==1))&&(move[1]==0)))", 1, 2, 0); /* m: 211 -> 223,0 */
	reached0[211] = 1;
	trans[0][211]	= settr(0,0,0,0,0,"source[1] = 3",0,0,0);
	trans[0][212]	= settr(0,0,0,0,0,"sourceLog[1] = 3",0,0,0);
	trans[0][213]	= settr(0,0,0,0,0,"move[1] = 1",0,0,0);
	trans[0][214]	= settr(0,0,0,0,0,"moveDeal[1] = deal[1]",0,0,0);
	trans[0][217]	= settr(216,2,223,1,0,".(goto)", 1, 2, 0);
	trans[0][215]	= settr(214,2,223,2,0,"else", 1, 2, 0);
	T = trans[ 0][223] = settr(222,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(222,0,221,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][221] = settr(220,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(220,2,218,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(220,2,220,0,0,"IF", 1, 2, 0);
	trans[0][218]	= settr(217,2,369,72,72,"((doubles>0))", 1, 2, 0); /* m: 219 -> 369,0 */
	reached0[219] = 1;
	trans[0][219]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][222]	= settr(221,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][220]	= settr(219,2,369,73,73,"armed[1] = 0", 1, 2, 0);
	trans[0][224]	= settr(223,2,233,74,0,"(((((source[1]==1)||(source[1]==2))&&!(sourceDown[1]))&&(refuse[1]!=0)))", 1, 2, 0);
	T = trans[0][233] = settr(232,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(232,2,225,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(232,2,227,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(232,2,232,0,0,"IF", 1, 2, 0);
	trans[0][225]	= settr(224,2,240,75,75,"(((refuse[1]==deal[1])&&(source[1]==1)))", 1, 2, 0); /* m: 226 -> 240,0 */
	reached0[226] = 1;
	trans[0][226]	= settr(0,0,0,0,0,"source[1] = 0",0,0,0);
	trans[0][234]	= settr(233,2,240,1,0,".(goto)", 1, 2, 0);
	trans[0][227]	= settr(226,2,231,76,0,"(((refuse[1]==deal[1])&&(source[1]==2)))", 1, 2, 0);
	T = trans[ 0][231] = settr(230,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(230,0,228,0,0,"sub-sequence", 1, 2, 0);
	trans[0][228]	= settr(227,2,240,77,77,"assert(((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||((!(0)&&(here[1]==1))&&(move[1]==0)))))", 1, 2, 0); /* m: 229 -> 0,240 */
	reached0[229] = 1;
	trans[0][229]	= settr(0,0,0,0,0,"source[1] = 0",0,0,0);
	trans[0][230]	= settr(0,0,0,0,0,"sourceLog[1] = 0",0,0,0);
	trans[0][232]	= settr(231,2,240,2,0,"else", 1, 2, 0);
	T = trans[ 0][240] = settr(239,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(239,0,238,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][238] = settr(237,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(237,2,235,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(237,2,237,0,0,"IF", 1, 2, 0);
	trans[0][235]	= settr(234,2,369,78,78,"((doubles>0))", 1, 2, 0); /* m: 236 -> 369,0 */
	reached0[236] = 1;
	trans[0][236]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][239]	= settr(238,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][237]	= settr(236,2,369,79,79,"refuse[1] = 0", 1, 2, 0);
	trans[0][241]	= settr(240,2,369,80,80,"((((source[1]==2)&&!(sourceDown[1]))&&(((((((ask[1]==0)&&(offer[1]==0))&&(commit[1]==0))&&(armed[1]==0))&&(refuse[1]==0))&&(where[1]==0))&&(answer[1]==0))))", 1, 2, 0); /* m: 242 -> 369,0 */
	reached0[242] = 1;
	trans[0][242]	= settr(0,0,0,0,0,"commit[1] = deal[1]",0,0,0);
	trans[0][243]	= settr(242,2,248,81,81,"(((source[1]==2)&&!(sourceDown[1])))", 1, 2, 0); /* m: 244 -> 248,0 */
	reached0[244] = 1;
	trans[0][244]	= settr(0,0,0,0,0,"cancel[1] = deal[1]",0,0,0);
	T = trans[ 0][248] = settr(247,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(247,0,245,0,0,"sub-sequence", 1, 2, 0);
	trans[0][245]	= settr(244,2,369,82,82,"assert(((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||((!(0)&&(here[1]==1))&&(move[1]==0)))))", 1, 2, 0); /* m: 246 -> 0,369 */
	reached0[246] = 1;
	trans[0][246]	= settr(0,0,0,0,0,"source[1] = 0",0,0,0);
	trans[0][247]	= settr(0,0,0,0,0,"sourceLog[1] = 0",0,0,0);
	trans[0][249]	= settr(248,2,369,83,83,"((((source[1]==3)&&!(sourceDown[1]))&&(move[1]==0)))", 1, 2, 0); /* m: 250 -> 369,0 */
	reached0[250] = 1;
	trans[0][250]	= settr(0,0,0,0,0,"source[1] = 4",0,0,0);
	trans[0][251]	= settr(250,2,265,84,84,"((((source[1]==3)&&!(sourceDown[1]))&&(move[1]!=0)))", 1, 2, 0); /* m: 252 -> 265,0 */
	reached0[252] = 1;
	trans[0][252]	= settr(0,0,0,0,0,"source[1] = 4",0,0,0);
	T = trans[ 0][265] = settr(264,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(264,0,263,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][263] = settr(262,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(262,2,253,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(262,2,257,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(262,2,262,0,0,"IF", 1, 2, 0);
	trans[0][253]	= settr(252,2,256,85,0,"((move[1]==1))", 1, 2, 0);
	T = trans[ 0][256] = settr(255,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(255,0,254,0,0,"sub-sequence", 1, 2, 0);
	trans[0][254]	= settr(253,2,369,86,86,"move[1] = 0", 1, 2, 0); /* m: 255 -> 0,369 */
	reached0[255] = 1;
	trans[0][255]	= settr(0,0,0,0,0,"moveDeal[1] = 0",0,0,0);
	trans[0][264]	= settr(263,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][257]	= settr(256,2,260,87,0,"(((move[1]==2)||(move[1]==3)))", 1, 2, 0);
	T = trans[ 0][260] = settr(259,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(259,0,258,0,0,"sub-sequence", 1, 2, 0);
	trans[0][258]	= settr(257,2,369,88,88,"move[1] = 0", 1, 2, 0); /* m: 259 -> 0,369 */
	reached0[259] = 1;
	trans[0][259]	= settr(0,0,0,0,0,"moveDeal[1] = 0",0,0,0);
	trans[0][261]	= settr(0,0,0,0,0,"at[1] = 0",0,0,0);
	trans[0][262]	= settr(261,2,369,1,0,"(1)", 1, 2, 0);
	trans[0][266]	= settr(265,2,369,89,89,"((((((source[1]==4)&&!(sourceDown[1]))&&(move[1]==0))&&(where[1]==0))&&(answer[1]==0)))", 1, 2, 0); /* m: 267 -> 369,0 */
	reached0[267] = 1;
	trans[0][267]	= settr(0,0,0,0,0,"where[1] = deal[1]",0,0,0);
	trans[0][268]	= settr(267,2,281,90,0,"((((source[1]==4)&&!(sourceDown[1]))&&(answer[1]!=0)))", 1, 2, 0);
	T = trans[0][281] = settr(280,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(280,2,269,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(280,2,274,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(280,2,280,0,0,"IF", 1, 2, 0);
	trans[0][269]	= settr(268,2,273,91,0,"(((((answer[1]==deal[1])&&(move[1]==0))&&(here[1]==0))&&(answerPlace[1]==2)))", 1, 2, 0);
	T = trans[ 0][273] = settr(272,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(272,0,270,0,0,"sub-sequence", 1, 2, 0);
	trans[0][270]	= settr(269,2,294,92,92,"assert(((3!=6)||(((1&&(at[1]==2))&&(here[1]==0))||((!(1)&&(here[1]==1))&&(move[1]==0)))))", 1, 2, 0); /* m: 271 -> 0,294 */
	reached0[271] = 1;
	trans[0][271]	= settr(0,0,0,0,0,"source[1] = 0",0,0,0);
	trans[0][272]	= settr(0,0,0,0,0,"sourceLog[1] = 0",0,0,0);
	trans[0][282]	= settr(281,2,294,1,0,".(goto)", 1, 2, 0);
	trans[0][274]	= settr(273,2,279,93,93,"(((((answer[1]==deal[1])&&(move[1]==0))&&(here[1]==1))&&(answerPlace[1]==0)))", 1, 2, 0); /* m: 275 -> 279,0 */
	reached0[275] = 1;
	trans[0][275]	= settr(0,0,0,0,0,"cancel[1] = deal[1]",0,0,0);
	T = trans[ 0][279] = settr(278,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(278,0,276,0,0,"sub-sequence", 1, 2, 0);
	trans[0][276]	= settr(275,2,294,94,94,"assert(((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||((!(0)&&(here[1]==1))&&(move[1]==0)))))", 1, 2, 0); /* m: 277 -> 0,294 */
	reached0[277] = 1;
	trans[0][277]	= settr(0,0,0,0,0,"source[1] = 0",0,0,0);
	trans[0][278]	= settr(0,0,0,0,0,"sourceLog[1] = 0",0,0,0);
	trans[0][280]	= settr(279,2,294,2,0,"else", 1, 2, 0);
	T = trans[ 0][294] = settr(293,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(293,0,288,0,0,"sub-sequence", 1, 2, 0);
	T = trans[ 0][288] = settr(287,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(287,0,286,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][286] = settr(285,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(285,2,283,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(285,2,285,0,0,"IF", 1, 2, 0);
	trans[0][283]	= settr(282,2,292,95,95,"((doubles>0))", 1, 2, 0); /* m: 284 -> 292,0 */
	reached0[284] = 1;
	trans[0][284]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][287]	= settr(286,2,292,1,0,".(goto)", 1, 2, 0);
	trans[0][285]	= settr(284,2,292,96,96,"answer[1] = 0", 1, 2, 0);
	T = trans[0][292] = settr(291,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(291,2,289,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(291,2,291,0,0,"IF", 1, 2, 0);
	trans[0][289]	= settr(288,2,369,97,97,"((answer[1]==0))", 1, 2, 0); /* m: 290 -> 369,0 */
	reached0[290] = 1;
	trans[0][290]	= settr(0,0,0,0,0,"answerPlace[1] = 0",0,0,0);
	trans[0][293]	= settr(292,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][291]	= settr(290,2,369,2,0,"else", 1, 2, 0);
	trans[0][295]	= settr(294,2,301,98,0,"((((source[1]!=1)&&!(sourceDown[1]))&&(offer[1]!=0)))", 1, 2, 0);
	T = trans[ 0][301] = settr(300,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(300,0,299,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][299] = settr(298,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(298,2,296,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(298,2,298,0,0,"IF", 1, 2, 0);
	trans[0][296]	= settr(295,2,369,99,99,"((doubles>0))", 1, 2, 0); /* m: 297 -> 369,0 */
	reached0[297] = 1;
	trans[0][297]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][300]	= settr(299,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][298]	= settr(297,2,369,100,100,"offer[1] = 0", 1, 2, 0);
	trans[0][302]	= settr(301,2,308,101,0,"((((source[1]!=2)&&!(sourceDown[1]))&&(armed[1]!=0)))", 1, 2, 0);
	T = trans[ 0][308] = settr(307,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(307,0,306,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][306] = settr(305,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(305,2,303,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(305,2,305,0,0,"IF", 1, 2, 0);
	trans[0][303]	= settr(302,2,314,102,102,"((source[1]==0))", 1, 2, 0); /* m: 304 -> 314,0 */
	reached0[304] = 1;
	trans[0][304]	= settr(0,0,0,0,0,"cancel[1] = armed[1]",0,0,0);
	trans[0][307]	= settr(306,2,314,1,0,".(goto)", 1, 2, 0);
	trans[0][305]	= settr(304,2,314,2,0,"else", 1, 2, 0);
	T = trans[ 0][314] = settr(313,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(313,0,312,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][312] = settr(311,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(311,2,309,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(311,2,311,0,0,"IF", 1, 2, 0);
	trans[0][309]	= settr(308,2,369,103,103,"((doubles>0))", 1, 2, 0); /* m: 310 -> 369,0 */
	reached0[310] = 1;
	trans[0][310]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][313]	= settr(312,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][311]	= settr(310,2,369,104,104,"armed[1] = 0", 1, 2, 0);
	trans[0][315]	= settr(314,2,321,105,0,"(((((source[1]!=1)&&(source[1]!=2))&&!(sourceDown[1]))&&(refuse[1]!=0)))", 1, 2, 0);
	T = trans[ 0][321] = settr(320,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(320,0,319,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][319] = settr(318,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(318,2,316,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(318,2,318,0,0,"IF", 1, 2, 0);
	trans[0][316]	= settr(315,2,369,106,106,"((doubles>0))", 1, 2, 0); /* m: 317 -> 369,0 */
	reached0[317] = 1;
	trans[0][317]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][320]	= settr(319,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][318]	= settr(317,2,369,107,107,"refuse[1] = 0", 1, 2, 0);
	trans[0][322]	= settr(321,2,334,108,0,"((((source[1]!=4)&&!(sourceDown[1]))&&(answer[1]!=0)))", 1, 2, 0);
	T = trans[ 0][334] = settr(333,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(333,0,328,0,0,"sub-sequence", 1, 2, 0);
	T = trans[ 0][328] = settr(327,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(327,0,326,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][326] = settr(325,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(325,2,323,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(325,2,325,0,0,"IF", 1, 2, 0);
	trans[0][323]	= settr(322,2,332,109,109,"((doubles>0))", 1, 2, 0); /* m: 324 -> 332,0 */
	reached0[324] = 1;
	trans[0][324]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][327]	= settr(326,2,332,1,0,".(goto)", 1, 2, 0);
	trans[0][325]	= settr(324,2,332,110,110,"answer[1] = 0", 1, 2, 0);
	T = trans[0][332] = settr(331,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(331,2,329,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(331,2,331,0,0,"IF", 1, 2, 0);
	trans[0][329]	= settr(328,2,369,111,111,"((answer[1]==0))", 1, 2, 0); /* m: 330 -> 369,0 */
	reached0[330] = 1;
	trans[0][330]	= settr(0,0,0,0,0,"answerPlace[1] = 0",0,0,0);
	trans[0][333]	= settr(332,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][331]	= settr(330,2,369,2,0,"else", 1, 2, 0);
	trans[0][335]	= settr(334,2,369,112,112,"((!(sourceDown[1])&&(sourceCrashes[1]>0)))", 1, 2, 0); /* m: 336 -> 369,0 */
	reached0[336] = 1;
	trans[0][336]	= settr(0,0,0,0,0,"sourceCrashes[1] = (sourceCrashes[1]-1)",0,0,0);
	trans[0][337]	= settr(0,0,0,0,0,"sourceDown[1] = 1",0,0,0);
	trans[0][338]	= settr(0,0,0,0,0,"source[1] = 0",0,0,0);
	trans[0][339]	= settr(338,2,363,113,113,"(sourceDown[1])", 1, 2, 0); /* m: 340 -> 363,0 */
	reached0[340] = 1;
	trans[0][340]	= settr(0,0,0,0,0,"sourceDown[1] = 0",0,0,0);
	T = trans[0][363] = settr(362,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(362,2,341,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(362,2,347,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(362,2,362,0,0,"IF", 1, 2, 0);
	trans[0][341]	= settr(340,2,346,114,114,"((sourceLog[1]==2))", 1, 2, 0); /* m: 342 -> 346,0 */
	reached0[342] = 1;
	trans[0][342]	= settr(0,0,0,0,0,"cancel[1] = deal[1]",0,0,0);
	T = trans[ 0][346] = settr(345,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(345,0,343,0,0,"sub-sequence", 1, 2, 0);
	trans[0][343]	= settr(342,2,369,115,115,"assert(((3!=6)||(((0&&(at[1]==2))&&(here[1]==0))||((!(0)&&(here[1]==1))&&(move[1]==0)))))", 1, 2, 0); /* m: 344 -> 0,369 */
	reached0[344] = 1;
	trans[0][344]	= settr(0,0,0,0,0,"source[1] = 0",0,0,0);
	trans[0][345]	= settr(0,0,0,0,0,"sourceLog[1] = 0",0,0,0);
	trans[0][364]	= settr(363,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][347]	= settr(346,2,361,116,116,"((sourceLog[1]==3))", 1, 2, 0); /* m: 348 -> 361,0 */
	reached0[348] = 1;
	trans[0][348]	= settr(0,0,0,0,0,"source[1] = 4",0,0,0);
	T = trans[ 0][361] = settr(360,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(360,0,359,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][359] = settr(358,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(358,2,349,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(358,2,353,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(358,2,358,0,0,"IF", 1, 2, 0);
	trans[0][349]	= settr(348,2,352,117,0,"((move[1]==1))", 1, 2, 0);
	T = trans[ 0][352] = settr(351,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(351,0,350,0,0,"sub-sequence", 1, 2, 0);
	trans[0][350]	= settr(349,2,369,118,118,"move[1] = 0", 1, 2, 0); /* m: 351 -> 0,369 */
	reached0[351] = 1;
	trans[0][351]	= settr(0,0,0,0,0,"moveDeal[1] = 0",0,0,0);
	trans[0][360]	= settr(359,2,369,1,0,".(goto)", 1, 2, 0);
	trans[0][353]	= settr(352,2,356,119,0,"(((move[1]==2)||(move[1]==3)))", 1, 2, 0);
	T = trans[ 0][356] = settr(355,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(355,0,354,0,0,"sub-sequence", 1, 2, 0);
	trans[0][354]	= settr(353,2,369,120,120,"move[1] = 0", 1, 2, 0); /* m: 355 -> 0,369 */
	reached0[355] = 1;
	trans[0][355]	= settr(0,0,0,0,0,"moveDeal[1] = 0",0,0,0);
	trans[0][357]	= settr(0,0,0,0,0,"at[1] = 0",0,0,0);
	trans[0][358]	= settr(357,2,369,1,0,"(1)", 1, 2, 0);
	trans[0][362]	= settr(361,2,369,2,0,"else", 1, 2, 0);
	T = trans[ 0][369] = settr(368,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(368,0,368,0,0,"sub-sequence", 1, 2, 0);
	trans[0][368]	= settr(367,2,371,121,0,"assert(((3!=1)||(((here[1]==1)+(at[1]==2))==1)))", 1, 2, 0);
	T = trans[ 0][371] = settr(370,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(370,0,370,0,0,"sub-sequence", 1, 2, 0);
	trans[0][370]	= settr(369,0,741,122,0,"assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))", 1, 2, 0);
	T = trans[ 0][461] = settr(460,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(460,2,458,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][458] = settr(457,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(457,0,456,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][456] = settr(455,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(455,2,373,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(455,2,390,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(455,2,396,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(455,2,413,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(455,2,419,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(455,2,421,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(455,2,427,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(455,2,447,0,0,"IF", 1, 2, 0);
	trans[0][373]	= settr(372,2,382,123,0,"((!(targetDown)&&(ask[0]!=0)))", 1, 2, 0);
	T = trans[0][382] = settr(381,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(381,2,374,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(381,2,380,0,0,"IF", 1, 2, 0);
	trans[0][374]	= settr(373,2,389,124,124,"((((hold[0]==0)&&(at[0]==0))&&((( (((at[0]!=0)||((hold[0]!=0)&&(at[0]==0)))) -> (1) : (0) )+( (((at[1]!=0)||((hold[1]!=0)&&(at[1]==0)))) -> (1) : (0) ))<1)))", 1, 2, 0); /* m: 375 -> 389,0 */
	reached0[375] = 1;
	trans[0][375]	= settr(0,0,0,0,0,"hold[0] = 1",0,0,0);
	trans[0][376]	= settr(0,0,0,0,0,"holdLog[0] = 1",0,0,0);
	trans[0][377]	= settr(0,0,0,0,0,"holdDeal[0] = ask[0]",0,0,0);
	trans[0][378]	= settr(0,0,0,0,0,"used[0] = 0",0,0,0);
	trans[0][379]	= settr(0,0,0,0,0,"offer[0] = ask[0]",0,0,0);
	trans[0][383]	= settr(382,2,389,1,0,".(goto)", 1, 2, 0);
	trans[0][380]	= settr(379,2,381,2,0,"else", 1, 2, 0);
	trans[0][381]	= settr(380,2,389,125,125,"refuse[0] = ask[0]", 1, 2, 0);
	T = trans[ 0][389] = settr(388,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(388,0,387,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][387] = settr(386,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(386,2,384,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(386,2,386,0,0,"IF", 1, 2, 0);
	trans[0][384]	= settr(383,2,460,126,126,"((doubles>0))", 1, 2, 0); /* m: 385 -> 460,0 */
	reached0[385] = 1;
	trans[0][385]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][388]	= settr(387,2,460,1,0,".(goto)", 1, 2, 0);
	trans[0][386]	= settr(385,2,460,127,127,"ask[0] = 0", 1, 2, 0);
	trans[0][457]	= settr(456,2,460,1,0,".(goto)", 1, 2, 0);
	trans[0][390]	= settr(389,2,395,128,0,"((!(targetDown)&&(hold[0]==1)))", 1, 2, 0);
	T = trans[ 0][395] = settr(394,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(394,0,391,0,0,"sub-sequence", 1, 2, 0);
	trans[0][391]	= settr(390,2,460,129,129,"hold[0] = 0", 1, 2, 0); /* m: 392 -> 0,460 */
	reached0[392] = 1;
	trans[0][392]	= settr(0,0,0,0,0,"holdDeal[0] = 0",0,0,0);
	trans[0][393]	= settr(0,0,0,0,0,"holdLog[0] = 0",0,0,0);
	trans[0][394]	= settr(0,0,0,0,0,"used[0] = 0",0,0,0);
	trans[0][396]	= settr(395,2,405,130,0,"((!(targetDown)&&(commit[0]!=0)))", 1, 2, 0);
	T = trans[0][405] = settr(404,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(404,2,397,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(404,2,401,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(404,2,403,0,0,"IF", 1, 2, 0);
	trans[0][397]	= settr(396,2,412,131,131,"(((hold[0]==1)&&(holdDeal[0]==commit[0])))", 1, 2, 0); /* m: 398 -> 412,0 */
	reached0[398] = 1;
	trans[0][398]	= settr(0,0,0,0,0,"hold[0] = 2",0,0,0);
	trans[0][399]	= settr(0,0,0,0,0,"armed[0] = commit[0]",0,0,0);
	trans[0][400]	= settr(0,0,0,0,0,"holdLog[0] = 2",0,0,0);
	trans[0][406]	= settr(405,2,412,1,0,".(goto)", 1, 2, 0);
	trans[0][401]	= settr(400,2,412,132,132,"(((hold[0]==2)&&(holdDeal[0]==commit[0])))", 1, 2, 0); /* m: 402 -> 412,0 */
	reached0[402] = 1;
	trans[0][402]	= settr(0,0,0,0,0,"armed[0] = commit[0]",0,0,0);
	trans[0][403]	= settr(402,2,404,2,0,"else", 1, 2, 0);
	trans[0][404]	= settr(403,2,412,133,133,"refuse[0] = commit[0]", 1, 2, 0);
	T = trans[ 0][412] = settr(411,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(411,0,410,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][410] = settr(409,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(409,2,407,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(409,2,409,0,0,"IF", 1, 2, 0);
	trans[0][407]	= settr(406,2,460,134,134,"((doubles>0))", 1, 2, 0); /* m: 408 -> 460,0 */
	reached0[408] = 1;
	trans[0][408]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][411]	= settr(410,2,460,1,0,".(goto)", 1, 2, 0);
	trans[0][409]	= settr(408,2,460,135,135,"commit[0] = 0", 1, 2, 0);
	trans[0][413]	= settr(412,2,418,136,0,"((((!(targetDown)&&(hold[0]==2))&&(at[0]==0))&&(move[0]!=2)))", 1, 2, 0);
	T = trans[ 0][418] = settr(417,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(417,0,414,0,0,"sub-sequence", 1, 2, 0);
	trans[0][414]	= settr(413,2,460,137,137,"hold[0] = 0", 1, 2, 0); /* m: 415 -> 0,460 */
	reached0[415] = 1;
	trans[0][415]	= settr(0,0,0,0,0,"holdDeal[0] = 0",0,0,0);
	trans[0][416]	= settr(0,0,0,0,0,"holdLog[0] = 0",0,0,0);
	trans[0][417]	= settr(0,0,0,0,0,"used[0] = 0",0,0,0);
	trans[0][419]	= settr(418,2,460,138,138,"(((!(targetDown)&&(hold[0]==2))&&(at[0]==2)))", 1, 2, 0); /* m: 420 -> 460,0 */
	reached0[420] = 1;
	trans[0][420]	= settr(0,0,0,0,0,"hold[0] = 3",0,0,0);
	trans[0][421]	= settr(420,2,426,139,0,"((((!(targetDown)&&(hold[0]==3))&&(at[0]==2))&&(here[0]==0)))", 1, 2, 0);
	T = trans[ 0][426] = settr(425,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(425,0,422,0,0,"sub-sequence", 1, 2, 0);
	trans[0][422]	= settr(421,2,460,140,140,"hold[0] = 0", 1, 2, 0); /* m: 423 -> 0,460 */
	reached0[423] = 1;
	trans[0][423]	= settr(0,0,0,0,0,"holdDeal[0] = 0",0,0,0);
	trans[0][424]	= settr(0,0,0,0,0,"holdLog[0] = 0",0,0,0);
	trans[0][425]	= settr(0,0,0,0,0,"used[0] = 0",0,0,0);
	trans[0][427]	= settr(426,2,439,141,0,"((!(targetDown)&&(cancel[0]!=0)))", 1, 2, 0);
	T = trans[0][439] = settr(438,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(438,2,428,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(438,2,438,0,0,"IF", 1, 2, 0);
	trans[0][428]	= settr(427,2,436,142,0,"(((hold[0]!=0)&&(holdDeal[0]==cancel[0])))", 1, 2, 0);
	T = trans[0][436] = settr(435,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(435,2,429,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(435,2,435,0,0,"IF", 1, 2, 0);
	trans[0][429]	= settr(428,2,434,143,0,"(((hold[0]==1)||((hold[0]==2)&&(!(used[0])||((at[0]==0)&&(move[0]!=2))))))", 1, 2, 0);
	T = trans[ 0][434] = settr(433,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(433,0,430,0,0,"sub-sequence", 1, 2, 0);
	trans[0][430]	= settr(429,2,446,144,144,"hold[0] = 0", 1, 2, 0); /* m: 431 -> 0,446 */
	reached0[431] = 1;
	trans[0][431]	= settr(0,0,0,0,0,"holdDeal[0] = 0",0,0,0);
	trans[0][432]	= settr(0,0,0,0,0,"holdLog[0] = 0",0,0,0);
	trans[0][433]	= settr(0,0,0,0,0,"used[0] = 0",0,0,0);
	trans[0][437]	= settr(436,2,446,1,0,".(goto)", 1, 2, 0);
	trans[0][435]	= settr(434,2,446,2,0,"else", 1, 2, 0);
	trans[0][440]	= settr(439,2,446,1,0,".(goto)", 1, 2, 0);
	trans[0][438]	= settr(437,2,446,2,0,"else", 1, 2, 0);
	T = trans[ 0][446] = settr(445,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(445,0,444,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][444] = settr(443,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(443,2,441,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(443,2,443,0,0,"IF", 1, 2, 0);
	trans[0][441]	= settr(440,2,460,145,145,"((doubles>0))", 1, 2, 0); /* m: 442 -> 460,0 */
	reached0[442] = 1;
	trans[0][442]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][445]	= settr(444,2,460,1,0,".(goto)", 1, 2, 0);
	trans[0][443]	= settr(442,2,460,146,146,"cancel[0] = 0", 1, 2, 0);
	trans[0][447]	= settr(446,2,455,147,147,"((!(targetDown)&&(where[0]!=0)))", 1, 2, 0); /* m: 448 -> 455,0 */
	reached0[448] = 1;
	trans[0][448]	= settr(0,0,0,0,0,"answer[0] = where[0]",0,0,0);
	trans[0][449]	= settr(0,0,0,0,0,"answerPlace[0] = at[0]",0,0,0);
	T = trans[ 0][455] = settr(454,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(454,0,453,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][453] = settr(452,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(452,2,450,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(452,2,452,0,0,"IF", 1, 2, 0);
	trans[0][450]	= settr(449,2,460,148,148,"((doubles>0))", 1, 2, 0); /* m: 451 -> 460,0 */
	reached0[451] = 1;
	trans[0][451]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][454]	= settr(453,2,460,1,0,".(goto)", 1, 2, 0);
	trans[0][452]	= settr(451,2,460,149,149,"where[0] = 0", 1, 2, 0);
	T = trans[ 0][460] = settr(459,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(459,0,459,0,0,"sub-sequence", 1, 2, 0);
	trans[0][459]	= settr(458,0,741,150,0,"assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))", 1, 2, 0);
	T = trans[ 0][550] = settr(549,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(549,2,547,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][547] = settr(546,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(546,0,545,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][545] = settr(544,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(544,2,462,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(544,2,479,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(544,2,485,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(544,2,502,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(544,2,508,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(544,2,510,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(544,2,516,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(544,2,536,0,0,"IF", 1, 2, 0);
	trans[0][462]	= settr(461,2,471,151,0,"((!(targetDown)&&(ask[1]!=0)))", 1, 2, 0);
	T = trans[0][471] = settr(470,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(470,2,463,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(470,2,469,0,0,"IF", 1, 2, 0);
	trans[0][463]	= settr(462,2,478,152,152,"((((hold[1]==0)&&(at[1]==0))&&((( (((at[0]!=0)||((hold[0]!=0)&&(at[0]==0)))) -> (1) : (0) )+( (((at[1]!=0)||((hold[1]!=0)&&(at[1]==0)))) -> (1) : (0) ))<1)))", 1, 2, 0); /* m: 464 -> 478,0 */
	reached0[464] = 1;
	trans[0][464]	= settr(0,0,0,0,0,"hold[1] = 1",0,0,0);
	trans[0][465]	= settr(0,0,0,0,0,"holdLog[1] = 1",0,0,0);
	trans[0][466]	= settr(0,0,0,0,0,"holdDeal[1] = ask[1]",0,0,0);
	trans[0][467]	= settr(0,0,0,0,0,"used[1] = 0",0,0,0);
	trans[0][468]	= settr(0,0,0,0,0,"offer[1] = ask[1]",0,0,0);
	trans[0][472]	= settr(471,2,478,1,0,".(goto)", 1, 2, 0);
	trans[0][469]	= settr(468,2,470,2,0,"else", 1, 2, 0);
	trans[0][470]	= settr(469,2,478,153,153,"refuse[1] = ask[1]", 1, 2, 0);
	T = trans[ 0][478] = settr(477,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(477,0,476,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][476] = settr(475,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(475,2,473,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(475,2,475,0,0,"IF", 1, 2, 0);
	trans[0][473]	= settr(472,2,549,154,154,"((doubles>0))", 1, 2, 0); /* m: 474 -> 549,0 */
	reached0[474] = 1;
	trans[0][474]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][477]	= settr(476,2,549,1,0,".(goto)", 1, 2, 0);
	trans[0][475]	= settr(474,2,549,155,155,"ask[1] = 0", 1, 2, 0);
	trans[0][546]	= settr(545,2,549,1,0,".(goto)", 1, 2, 0);
	trans[0][479]	= settr(478,2,484,156,0,"((!(targetDown)&&(hold[1]==1)))", 1, 2, 0);
	T = trans[ 0][484] = settr(483,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(483,0,480,0,0,"sub-sequence", 1, 2, 0);
	trans[0][480]	= settr(479,2,549,157,157,"hold[1] = 0", 1, 2, 0); /* m: 481 -> 0,549 */
	reached0[481] = 1;
	trans[0][481]	= settr(0,0,0,0,0,"holdDeal[1] = 0",0,0,0);
	trans[0][482]	= settr(0,0,0,0,0,"holdLog[1] = 0",0,0,0);
	trans[0][483]	= settr(0,0,0,0,0,"used[1] = 0",0,0,0);
	trans[0][485]	= settr(484,2,494,158,0,"((!(targetDown)&&(commit[1]!=0)))", 1, 2, 0);
	T = trans[0][494] = settr(493,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(493,2,486,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(493,2,490,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(493,2,492,0,0,"IF", 1, 2, 0);
	trans[0][486]	= settr(485,2,501,159,159,"(((hold[1]==1)&&(holdDeal[1]==commit[1])))", 1, 2, 0); /* m: 487 -> 501,0 */
	reached0[487] = 1;
	trans[0][487]	= settr(0,0,0,0,0,"hold[1] = 2",0,0,0);
	trans[0][488]	= settr(0,0,0,0,0,"armed[1] = commit[1]",0,0,0);
	trans[0][489]	= settr(0,0,0,0,0,"holdLog[1] = 2",0,0,0);
	trans[0][495]	= settr(494,2,501,1,0,".(goto)", 1, 2, 0);
	trans[0][490]	= settr(489,2,501,160,160,"(((hold[1]==2)&&(holdDeal[1]==commit[1])))", 1, 2, 0); /* m: 491 -> 501,0 */
	reached0[491] = 1;
	trans[0][491]	= settr(0,0,0,0,0,"armed[1] = commit[1]",0,0,0);
	trans[0][492]	= settr(491,2,493,2,0,"else", 1, 2, 0);
	trans[0][493]	= settr(492,2,501,161,161,"refuse[1] = commit[1]", 1, 2, 0);
	T = trans[ 0][501] = settr(500,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(500,0,499,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][499] = settr(498,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(498,2,496,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(498,2,498,0,0,"IF", 1, 2, 0);
	trans[0][496]	= settr(495,2,549,162,162,"((doubles>0))", 1, 2, 0); /* m: 497 -> 549,0 */
	reached0[497] = 1;
	trans[0][497]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][500]	= settr(499,2,549,1,0,".(goto)", 1, 2, 0);
	trans[0][498]	= settr(497,2,549,163,163,"commit[1] = 0", 1, 2, 0);
	trans[0][502]	= settr(501,2,507,164,0,"((((!(targetDown)&&(hold[1]==2))&&(at[1]==0))&&(move[1]!=2)))", 1, 2, 0);
	T = trans[ 0][507] = settr(506,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(506,0,503,0,0,"sub-sequence", 1, 2, 0);
	trans[0][503]	= settr(502,2,549,165,165,"hold[1] = 0", 1, 2, 0); /* m: 504 -> 0,549 */
	reached0[504] = 1;
	trans[0][504]	= settr(0,0,0,0,0,"holdDeal[1] = 0",0,0,0);
	trans[0][505]	= settr(0,0,0,0,0,"holdLog[1] = 0",0,0,0);
	trans[0][506]	= settr(0,0,0,0,0,"used[1] = 0",0,0,0);
	trans[0][508]	= settr(507,2,549,166,166,"(((!(targetDown)&&(hold[1]==2))&&(at[1]==2)))", 1, 2, 0); /* m: 509 -> 549,0 */
	reached0[509] = 1;
	trans[0][509]	= settr(0,0,0,0,0,"hold[1] = 3",0,0,0);
	trans[0][510]	= settr(509,2,515,167,0,"((((!(targetDown)&&(hold[1]==3))&&(at[1]==2))&&(here[1]==0)))", 1, 2, 0);
	T = trans[ 0][515] = settr(514,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(514,0,511,0,0,"sub-sequence", 1, 2, 0);
	trans[0][511]	= settr(510,2,549,168,168,"hold[1] = 0", 1, 2, 0); /* m: 512 -> 0,549 */
	reached0[512] = 1;
	trans[0][512]	= settr(0,0,0,0,0,"holdDeal[1] = 0",0,0,0);
	trans[0][513]	= settr(0,0,0,0,0,"holdLog[1] = 0",0,0,0);
	trans[0][514]	= settr(0,0,0,0,0,"used[1] = 0",0,0,0);
	trans[0][516]	= settr(515,2,528,169,0,"((!(targetDown)&&(cancel[1]!=0)))", 1, 2, 0);
	T = trans[0][528] = settr(527,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(527,2,517,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(527,2,527,0,0,"IF", 1, 2, 0);
	trans[0][517]	= settr(516,2,525,170,0,"(((hold[1]!=0)&&(holdDeal[1]==cancel[1])))", 1, 2, 0);
	T = trans[0][525] = settr(524,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(524,2,518,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(524,2,524,0,0,"IF", 1, 2, 0);
	trans[0][518]	= settr(517,2,523,171,0,"(((hold[1]==1)||((hold[1]==2)&&(!(used[1])||((at[1]==0)&&(move[1]!=2))))))", 1, 2, 0);
	T = trans[ 0][523] = settr(522,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(522,0,519,0,0,"sub-sequence", 1, 2, 0);
	trans[0][519]	= settr(518,2,535,172,172,"hold[1] = 0", 1, 2, 0); /* m: 520 -> 0,535 */
	reached0[520] = 1;
	trans[0][520]	= settr(0,0,0,0,0,"holdDeal[1] = 0",0,0,0);
	trans[0][521]	= settr(0,0,0,0,0,"holdLog[1] = 0",0,0,0);
	trans[0][522]	= settr(0,0,0,0,0,"used[1] = 0",0,0,0);
	trans[0][526]	= settr(525,2,535,1,0,".(goto)", 1, 2, 0);
	trans[0][524]	= settr(523,2,535,2,0,"else", 1, 2, 0);
	trans[0][529]	= settr(528,2,535,1,0,".(goto)", 1, 2, 0);
	trans[0][527]	= settr(526,2,535,2,0,"else", 1, 2, 0);
	T = trans[ 0][535] = settr(534,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(534,0,533,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][533] = settr(532,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(532,2,530,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(532,2,532,0,0,"IF", 1, 2, 0);
	trans[0][530]	= settr(529,2,549,173,173,"((doubles>0))", 1, 2, 0); /* m: 531 -> 549,0 */
	reached0[531] = 1;
	trans[0][531]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][534]	= settr(533,2,549,1,0,".(goto)", 1, 2, 0);
	trans[0][532]	= settr(531,2,549,174,174,"cancel[1] = 0", 1, 2, 0);
	trans[0][536]	= settr(535,2,544,175,175,"((!(targetDown)&&(where[1]!=0)))", 1, 2, 0); /* m: 537 -> 544,0 */
	reached0[537] = 1;
	trans[0][537]	= settr(0,0,0,0,0,"answer[1] = where[1]",0,0,0);
	trans[0][538]	= settr(0,0,0,0,0,"answerPlace[1] = at[1]",0,0,0);
	T = trans[ 0][544] = settr(543,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(543,0,542,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][542] = settr(541,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(541,2,539,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(541,2,541,0,0,"IF", 1, 2, 0);
	trans[0][539]	= settr(538,2,549,176,176,"((doubles>0))", 1, 2, 0); /* m: 540 -> 549,0 */
	reached0[540] = 1;
	trans[0][540]	= settr(0,0,0,0,0,"doubles = (doubles-1)",0,0,0);
	trans[0][543]	= settr(542,2,549,1,0,".(goto)", 1, 2, 0);
	trans[0][541]	= settr(540,2,549,177,177,"where[1] = 0", 1, 2, 0);
	T = trans[ 0][549] = settr(548,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(548,0,548,0,0,"sub-sequence", 1, 2, 0);
	trans[0][548]	= settr(547,0,741,178,0,"assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))", 1, 2, 0);
	T = trans[ 0][583] = settr(582,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(582,2,580,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][580] = settr(579,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(579,0,578,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][578] = settr(577,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(577,2,551,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(577,2,558,0,0,"IF", 1, 2, 0);
	trans[0][551]	= settr(550,2,582,179,179,"((!(targetDown)&&(targetCrashes>0)))", 1, 2, 0); /* m: 552 -> 582,0 */
	reached0[552] = 1;
	trans[0][552]	= settr(0,0,0,0,0,"targetCrashes = (targetCrashes-1)",0,0,0);
	trans[0][553]	= settr(0,0,0,0,0,"targetDown = 1",0,0,0);
	trans[0][554]	= settr(0,0,0,0,0,"hold[0] = 0",0,0,0);
	trans[0][555]	= settr(0,0,0,0,0,"hold[1] = 0",0,0,0);
	trans[0][556]	= settr(0,0,0,0,0,"used[0] = 0",0,0,0);
	trans[0][557]	= settr(0,0,0,0,0,"used[1] = 0",0,0,0);
	trans[0][579]	= settr(578,2,582,1,0,".(goto)", 1, 2, 0);
	trans[0][558]	= settr(557,2,568,180,180,"(targetDown)", 1, 2, 0); /* m: 559 -> 568,0 */
	reached0[559] = 1;
	trans[0][559]	= settr(0,0,0,0,0,"targetDown = 0",0,0,0);
	T = trans[ 0][568] = settr(567,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(567,0,566,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][566] = settr(565,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(565,2,560,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(565,2,563,0,0,"IF", 1, 2, 0);
	trans[0][560]	= settr(559,2,577,181,181,"((holdLog[0]==2))", 1, 2, 0); /* m: 561 -> 577,0 */
	reached0[561] = 1;
	trans[0][561]	= settr(0,0,0,0,0,"hold[0] = 2",0,0,0);
	trans[0][562]	= settr(0,0,0,0,0,"used[0] = 1",0,0,0);
	trans[0][567]	= settr(566,2,577,1,0,".(goto)", 1, 2, 0);
	trans[0][563]	= settr(562,2,564,2,0,"else", 1, 2, 0);
	trans[0][564]	= settr(563,2,577,182,182,"holdLog[0] = 0", 1, 2, 0); /* m: 565 -> 0,577 */
	reached0[565] = 1;
	trans[0][565]	= settr(0,0,0,0,0,"holdDeal[0] = 0",0,0,0);
	T = trans[ 0][577] = settr(576,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(576,0,575,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][575] = settr(574,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(574,2,569,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(574,2,572,0,0,"IF", 1, 2, 0);
	trans[0][569]	= settr(568,2,582,183,183,"((holdLog[1]==2))", 1, 2, 0); /* m: 570 -> 582,0 */
	reached0[570] = 1;
	trans[0][570]	= settr(0,0,0,0,0,"hold[1] = 2",0,0,0);
	trans[0][571]	= settr(0,0,0,0,0,"used[1] = 1",0,0,0);
	trans[0][576]	= settr(575,2,582,1,0,".(goto)", 1, 2, 0);
	trans[0][572]	= settr(571,2,573,2,0,"else", 1, 2, 0);
	trans[0][573]	= settr(572,2,582,184,184,"holdLog[1] = 0", 1, 2, 0); /* m: 574 -> 0,582 */
	reached0[574] = 1;
	trans[0][574]	= settr(0,0,0,0,0,"holdDeal[1] = 0",0,0,0);
	T = trans[ 0][582] = settr(581,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(581,0,581,0,0,"sub-sequence", 1, 2, 0);
	trans[0][581]	= settr(580,0,741,185,0,"assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))", 1, 2, 0);
	T = trans[ 0][623] = settr(622,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(622,2,618,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][618] = settr(617,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(617,0,616,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][616] = settr(615,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(615,2,584,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(615,2,595,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(615,2,599,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(615,2,602,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(615,2,607,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(615,2,611,0,0,"IF", 1, 2, 0);
	trans[0][584]	= settr(583,2,593,186,0,"((move[0]==1))", 1, 2, 0);
	T = trans[0][593] = settr(592,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(592,2,585,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(592,2,589,0,0,"IF", 1, 2, 0);
	trans[0][585]	= settr(584,2,620,187,187,"((((!(targetDown)&&(hold[0]==2))&&(holdDeal[0]==moveDeal[0]))&&!(used[0])))", 1, 2, 0); /* m: 586 -> 620,0 */
	reached0[586] = 1;
	trans[0][586]	= settr(0,0,0,0,0,"assert(((3!=4)||(((hold[0]==2)&&(holdDeal[0]==moveDeal[0]))&&!(used[0]))))",0,0,0);
	trans[0][587]	= settr(0,0,0,0,0,"used[0] = 1",0,0,0);
	trans[0][588]	= settr(0,0,0,0,0,"move[0] = 2",0,0,0);
	trans[0][594]	= settr(593,2,620,1,0,".(goto)", 1, 2, 0);
	trans[0][589]	= settr(588,2,592,2,0,"else", 1, 2, 0);
	T = trans[ 0][592] = settr(591,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(591,0,590,0,0,"sub-sequence", 1, 2, 0);
	trans[0][590]	= settr(589,2,620,188,188,"move[0] = 0", 1, 2, 0); /* m: 591 -> 0,620 */
	reached0[591] = 1;
	trans[0][591]	= settr(0,0,0,0,0,"moveDeal[0] = 0",0,0,0);
	trans[0][617]	= settr(616,2,620,1,0,".(goto)", 1, 2, 0);
	trans[0][595]	= settr(594,2,598,189,0,"((move[0]==1))", 1, 2, 0);
	T = trans[ 0][598] = settr(597,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(597,0,596,0,0,"sub-sequence", 1, 2, 0);
	trans[0][596]	= settr(595,2,620,190,190,"move[0] = 0", 1, 2, 0); /* m: 597 -> 0,620 */
	reached0[597] = 1;
	trans[0][597]	= settr(0,0,0,0,0,"moveDeal[0] = 0",0,0,0);
	trans[0][599]	= settr(598,2,620,191,191,"((move[0]==2))", 1, 2, 0); /* m: 600 -> 620,0 */
	reached0[600] = 1;
	trans[0][600]	= settr(0,0,0,0,0,"move[0] = 3",0,0,0);
	trans[0][601]	= settr(0,0,0,0,0,"at[0] = 1",0,0,0);
	trans[0][602]	= settr(601,2,605,192,0,"((move[0]==3))", 1, 2, 0);
	T = trans[ 0][605] = settr(604,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(604,0,603,0,0,"sub-sequence", 1, 2, 0);
	trans[0][603]	= settr(602,2,620,193,193,"move[0] = 0", 1, 2, 0); /* m: 604 -> 0,620 */
	reached0[604] = 1;
	trans[0][604]	= settr(0,0,0,0,0,"moveDeal[0] = 0",0,0,0);
	trans[0][606]	= settr(0,0,0,0,0,"at[0] = 0",0,0,0);
	trans[0][607]	= settr(606,2,620,194,194,"((move[0]==3))", 1, 2, 0); /* m: 608 -> 620,0 */
	reached0[608] = 1;
	trans[0][608]	= settr(0,0,0,0,0,"move[0] = 4",0,0,0);
	trans[0][609]	= settr(0,0,0,0,0,"at[0] = 2",0,0,0);
	trans[0][610]	= settr(0,0,0,0,0,"here[0] = 2",0,0,0);
	trans[0][611]	= settr(610,2,614,195,0,"((move[0]==4))", 1, 2, 0);
	T = trans[ 0][614] = settr(613,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(613,0,612,0,0,"sub-sequence", 1, 2, 0);
	trans[0][612]	= settr(611,2,620,196,196,"move[0] = 0", 1, 2, 0); /* m: 613 -> 0,620 */
	reached0[613] = 1;
	trans[0][613]	= settr(0,0,0,0,0,"moveDeal[0] = 0",0,0,0);
	trans[0][615]	= settr(0,0,0,0,0,"here[0] = 0",0,0,0);
	T = trans[ 0][620] = settr(619,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(619,0,619,0,0,"sub-sequence", 1, 2, 0);
	trans[0][619]	= settr(618,2,622,197,0,"assert(((3!=1)||(((here[0]==1)+(at[0]==2))==1)))", 1, 2, 0);
	T = trans[ 0][622] = settr(621,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(621,0,621,0,0,"sub-sequence", 1, 2, 0);
	trans[0][621]	= settr(620,0,741,198,0,"assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))", 1, 2, 0);
	T = trans[ 0][663] = settr(662,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(662,2,658,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][658] = settr(657,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(657,0,656,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][656] = settr(655,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(655,2,624,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(655,2,635,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(655,2,639,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(655,2,642,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(655,2,647,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(655,2,651,0,0,"IF", 1, 2, 0);
	trans[0][624]	= settr(623,2,633,199,0,"((move[1]==1))", 1, 2, 0);
	T = trans[0][633] = settr(632,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(632,2,625,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(632,2,629,0,0,"IF", 1, 2, 0);
	trans[0][625]	= settr(624,2,660,200,200,"((((!(targetDown)&&(hold[1]==2))&&(holdDeal[1]==moveDeal[1]))&&!(used[1])))", 1, 2, 0); /* m: 626 -> 660,0 */
	reached0[626] = 1;
	trans[0][626]	= settr(0,0,0,0,0,"assert(((3!=4)||(((hold[1]==2)&&(holdDeal[1]==moveDeal[1]))&&!(used[1]))))",0,0,0);
	trans[0][627]	= settr(0,0,0,0,0,"used[1] = 1",0,0,0);
	trans[0][628]	= settr(0,0,0,0,0,"move[1] = 2",0,0,0);
	trans[0][634]	= settr(633,2,660,1,0,".(goto)", 1, 2, 0);
	trans[0][629]	= settr(628,2,632,2,0,"else", 1, 2, 0);
	T = trans[ 0][632] = settr(631,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(631,0,630,0,0,"sub-sequence", 1, 2, 0);
	trans[0][630]	= settr(629,2,660,201,201,"move[1] = 0", 1, 2, 0); /* m: 631 -> 0,660 */
	reached0[631] = 1;
	trans[0][631]	= settr(0,0,0,0,0,"moveDeal[1] = 0",0,0,0);
	trans[0][657]	= settr(656,2,660,1,0,".(goto)", 1, 2, 0);
	trans[0][635]	= settr(634,2,638,202,0,"((move[1]==1))", 1, 2, 0);
	T = trans[ 0][638] = settr(637,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(637,0,636,0,0,"sub-sequence", 1, 2, 0);
	trans[0][636]	= settr(635,2,660,203,203,"move[1] = 0", 1, 2, 0); /* m: 637 -> 0,660 */
	reached0[637] = 1;
	trans[0][637]	= settr(0,0,0,0,0,"moveDeal[1] = 0",0,0,0);
	trans[0][639]	= settr(638,2,660,204,204,"((move[1]==2))", 1, 2, 0); /* m: 640 -> 660,0 */
	reached0[640] = 1;
	trans[0][640]	= settr(0,0,0,0,0,"move[1] = 3",0,0,0);
	trans[0][641]	= settr(0,0,0,0,0,"at[1] = 1",0,0,0);
	trans[0][642]	= settr(641,2,645,205,0,"((move[1]==3))", 1, 2, 0);
	T = trans[ 0][645] = settr(644,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(644,0,643,0,0,"sub-sequence", 1, 2, 0);
	trans[0][643]	= settr(642,2,660,206,206,"move[1] = 0", 1, 2, 0); /* m: 644 -> 0,660 */
	reached0[644] = 1;
	trans[0][644]	= settr(0,0,0,0,0,"moveDeal[1] = 0",0,0,0);
	trans[0][646]	= settr(0,0,0,0,0,"at[1] = 0",0,0,0);
	trans[0][647]	= settr(646,2,660,207,207,"((move[1]==3))", 1, 2, 0); /* m: 648 -> 660,0 */
	reached0[648] = 1;
	trans[0][648]	= settr(0,0,0,0,0,"move[1] = 4",0,0,0);
	trans[0][649]	= settr(0,0,0,0,0,"at[1] = 2",0,0,0);
	trans[0][650]	= settr(0,0,0,0,0,"here[1] = 2",0,0,0);
	trans[0][651]	= settr(650,2,654,208,0,"((move[1]==4))", 1, 2, 0);
	T = trans[ 0][654] = settr(653,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(653,0,652,0,0,"sub-sequence", 1, 2, 0);
	trans[0][652]	= settr(651,2,660,209,209,"move[1] = 0", 1, 2, 0); /* m: 653 -> 0,660 */
	reached0[653] = 1;
	trans[0][653]	= settr(0,0,0,0,0,"moveDeal[1] = 0",0,0,0);
	trans[0][655]	= settr(0,0,0,0,0,"here[1] = 0",0,0,0);
	T = trans[ 0][660] = settr(659,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(659,0,659,0,0,"sub-sequence", 1, 2, 0);
	trans[0][659]	= settr(658,2,662,210,0,"assert(((3!=1)||(((here[1]==1)+(at[1]==2))==1)))", 1, 2, 0);
	T = trans[ 0][662] = settr(661,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(661,0,661,0,0,"sub-sequence", 1, 2, 0);
	trans[0][661]	= settr(660,0,741,211,0,"assert(((3!=3)||((( ((((at[0]!=0)||(move[0]==2))||((hold[0]==2)&&(at[0]==0)))) -> (1) : (0) )+( ((((at[1]!=0)||(move[1]==2))||((hold[1]==2)&&(at[1]==0)))) -> (1) : (0) ))<=1)))", 1, 2, 0);
	T = trans[ 0][700] = settr(699,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(699,2,699,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][699] = settr(698,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(698,0,697,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][697] = settr(696,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(696,2,664,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(696,2,668,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(696,2,672,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(696,2,676,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(696,2,680,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(696,2,684,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(696,2,688,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(696,2,692,0,0,"IF", 1, 2, 0);
	trans[0][664]	= settr(663,2,667,212,0,"(((losses>0)&&(ask[0]!=0)))", 1, 2, 0);
	T = trans[ 0][667] = settr(666,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(666,0,665,0,0,"sub-sequence", 1, 2, 0);
	trans[0][665]	= settr(664,0,741,213,213,"ask[0] = 0", 1, 2, 0); /* m: 666 -> 0,741 */
	reached0[666] = 1;
	trans[0][666]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][698]	= settr(697,0,741,214,214,".(goto)", 1, 2, 0);
	trans[0][668]	= settr(667,2,671,215,0,"(((losses>0)&&(offer[0]!=0)))", 1, 2, 0);
	T = trans[ 0][671] = settr(670,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(670,0,669,0,0,"sub-sequence", 1, 2, 0);
	trans[0][669]	= settr(668,0,741,216,216,"offer[0] = 0", 1, 2, 0); /* m: 670 -> 0,741 */
	reached0[670] = 1;
	trans[0][670]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][672]	= settr(671,2,675,217,0,"(((losses>0)&&(commit[0]!=0)))", 1, 2, 0);
	T = trans[ 0][675] = settr(674,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(674,0,673,0,0,"sub-sequence", 1, 2, 0);
	trans[0][673]	= settr(672,0,741,218,218,"commit[0] = 0", 1, 2, 0); /* m: 674 -> 0,741 */
	reached0[674] = 1;
	trans[0][674]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][676]	= settr(675,2,679,219,0,"(((losses>0)&&(armed[0]!=0)))", 1, 2, 0);
	T = trans[ 0][679] = settr(678,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(678,0,677,0,0,"sub-sequence", 1, 2, 0);
	trans[0][677]	= settr(676,0,741,220,220,"armed[0] = 0", 1, 2, 0); /* m: 678 -> 0,741 */
	reached0[678] = 1;
	trans[0][678]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][680]	= settr(679,2,683,221,0,"(((losses>0)&&(refuse[0]!=0)))", 1, 2, 0);
	T = trans[ 0][683] = settr(682,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(682,0,681,0,0,"sub-sequence", 1, 2, 0);
	trans[0][681]	= settr(680,0,741,222,222,"refuse[0] = 0", 1, 2, 0); /* m: 682 -> 0,741 */
	reached0[682] = 1;
	trans[0][682]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][684]	= settr(683,2,687,223,0,"(((losses>0)&&(cancel[0]!=0)))", 1, 2, 0);
	T = trans[ 0][687] = settr(686,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(686,0,685,0,0,"sub-sequence", 1, 2, 0);
	trans[0][685]	= settr(684,0,741,224,224,"cancel[0] = 0", 1, 2, 0); /* m: 686 -> 0,741 */
	reached0[686] = 1;
	trans[0][686]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][688]	= settr(687,2,691,225,0,"(((losses>0)&&(where[0]!=0)))", 1, 2, 0);
	T = trans[ 0][691] = settr(690,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(690,0,689,0,0,"sub-sequence", 1, 2, 0);
	trans[0][689]	= settr(688,0,741,226,226,"where[0] = 0", 1, 2, 0); /* m: 690 -> 0,741 */
	reached0[690] = 1;
	trans[0][690]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][692]	= settr(691,2,695,227,0,"(((losses>0)&&(answer[0]!=0)))", 1, 2, 0);
	T = trans[ 0][695] = settr(694,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(694,0,693,0,0,"sub-sequence", 1, 2, 0);
	trans[0][693]	= settr(692,0,741,228,228,"answer[0] = 0", 1, 2, 0); /* m: 694 -> 0,741 */
	reached0[694] = 1;
	trans[0][694]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][696]	= settr(0,0,0,0,0,"answerPlace[0] = 0",0,0,0);
	T = trans[ 0][737] = settr(736,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(736,2,736,0,0,"ATOMIC", 1, 2, 0);
	T = trans[ 0][736] = settr(735,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(735,0,734,0,0,"sub-sequence", 1, 2, 0);
	T = trans[0][734] = settr(733,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(733,2,701,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(733,2,705,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(733,2,709,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(733,2,713,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(733,2,717,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(733,2,721,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(733,2,725,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(733,2,729,0,0,"IF", 1, 2, 0);
	trans[0][701]	= settr(700,2,704,229,0,"(((losses>0)&&(ask[1]!=0)))", 1, 2, 0);
	T = trans[ 0][704] = settr(703,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(703,0,702,0,0,"sub-sequence", 1, 2, 0);
	trans[0][702]	= settr(701,0,741,230,230,"ask[1] = 0", 1, 2, 0); /* m: 703 -> 0,741 */
	reached0[703] = 1;
	trans[0][703]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][735]	= settr(734,0,741,231,231,".(goto)", 1, 2, 0);
	trans[0][705]	= settr(704,2,708,232,0,"(((losses>0)&&(offer[1]!=0)))", 1, 2, 0);
	T = trans[ 0][708] = settr(707,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(707,0,706,0,0,"sub-sequence", 1, 2, 0);
	trans[0][706]	= settr(705,0,741,233,233,"offer[1] = 0", 1, 2, 0); /* m: 707 -> 0,741 */
	reached0[707] = 1;
	trans[0][707]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][709]	= settr(708,2,712,234,0,"(((losses>0)&&(commit[1]!=0)))", 1, 2, 0);
	T = trans[ 0][712] = settr(711,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(711,0,710,0,0,"sub-sequence", 1, 2, 0);
	trans[0][710]	= settr(709,0,741,235,235,"commit[1] = 0", 1, 2, 0); /* m: 711 -> 0,741 */
	reached0[711] = 1;
	trans[0][711]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][713]	= settr(712,2,716,236,0,"(((losses>0)&&(armed[1]!=0)))", 1, 2, 0);
	T = trans[ 0][716] = settr(715,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(715,0,714,0,0,"sub-sequence", 1, 2, 0);
	trans[0][714]	= settr(713,0,741,237,237,"armed[1] = 0", 1, 2, 0); /* m: 715 -> 0,741 */
	reached0[715] = 1;
	trans[0][715]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][717]	= settr(716,2,720,238,0,"(((losses>0)&&(refuse[1]!=0)))", 1, 2, 0);
	T = trans[ 0][720] = settr(719,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(719,0,718,0,0,"sub-sequence", 1, 2, 0);
	trans[0][718]	= settr(717,0,741,239,239,"refuse[1] = 0", 1, 2, 0); /* m: 719 -> 0,741 */
	reached0[719] = 1;
	trans[0][719]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][721]	= settr(720,2,724,240,0,"(((losses>0)&&(cancel[1]!=0)))", 1, 2, 0);
	T = trans[ 0][724] = settr(723,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(723,0,722,0,0,"sub-sequence", 1, 2, 0);
	trans[0][722]	= settr(721,0,741,241,241,"cancel[1] = 0", 1, 2, 0); /* m: 723 -> 0,741 */
	reached0[723] = 1;
	trans[0][723]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][725]	= settr(724,2,728,242,0,"(((losses>0)&&(where[1]!=0)))", 1, 2, 0);
	T = trans[ 0][728] = settr(727,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(727,0,726,0,0,"sub-sequence", 1, 2, 0);
	trans[0][726]	= settr(725,0,741,243,243,"where[1] = 0", 1, 2, 0); /* m: 727 -> 0,741 */
	reached0[727] = 1;
	trans[0][727]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][729]	= settr(728,2,732,244,0,"(((losses>0)&&(answer[1]!=0)))", 1, 2, 0);
	T = trans[ 0][732] = settr(731,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(731,0,730,0,0,"sub-sequence", 1, 2, 0);
	trans[0][730]	= settr(729,0,741,245,245,"answer[1] = 0", 1, 2, 0); /* m: 731 -> 0,741 */
	reached0[731] = 1;
	trans[0][731]	= settr(0,0,0,0,0,"losses = (losses-1)",0,0,0);
	trans[0][733]	= settr(0,0,0,0,0,"answerPlace[1] = 0",0,0,0);
	trans[0][738]	= settr(737,0,739,246,0,"(timeout)", 1, 3000, 0);
	trans[0][739]	= settr(738,0,744,247,0,"assert(((3!=5)||((((((source[0]==0)&&(source[1]==0))&&(hold[0]==0))&&(hold[1]==0))&&(move[0]==0))&&(move[1]==0))))", 1, 2, 0);
	trans[0][740]	= settr(739,0,744,1,0,"goto :b0", 0, 2, 0);
	trans[0][743]	= settr(742,0,744,1,0,"break", 0, 2, 0);
	trans[0][744]	= settr(743,0,0,248,248,"-end-", 0, 3500, 0);
	/* np_ demon: */
	trans[_NP_] = (Trans **) emalloc(3*sizeof(Trans *));
	T = trans[_NP_][0] = settr(9997,0,1,_T5,0,"(np_)", 1,2,0);
	    T->nxt	  = settr(9998,0,0,_T2,0,"(1)",   0,2,0);
	T = trans[_NP_][1] = settr(9999,0,1,_T5,0,"(np_)", 1,2,0);
}

Trans *
settr(	int t_id, int a, int b, int c, int d,
	char *t, int g, int tpe0, int tpe1)
{	Trans *tmp = (Trans *) emalloc(sizeof(Trans));

	tmp->atom  = a&(6|32);	/* only (2|8|32) have meaning */
	if (!g) tmp->atom |= 8;	/* no global references */
	tmp->st    = b;
	tmp->tpe[0] = tpe0;
	tmp->tpe[1] = tpe1;
	tmp->tp    = t;
	tmp->t_id  = t_id;
	tmp->forw  = c;
	tmp->back  = d;
	return tmp;
}

Trans *
cpytr(Trans *a)
{	Trans *tmp = (Trans *) emalloc(sizeof(Trans));

	int i;
	tmp->atom  = a->atom;
	tmp->st    = a->st;
#ifdef HAS_UNLESS
	tmp->e_trans = a->e_trans;
	for (i = 0; i < HAS_UNLESS; i++)
		tmp->escp[i] = a->escp[i];
#endif
	tmp->tpe[0] = a->tpe[0];
	tmp->tpe[1] = a->tpe[1];
	for (i = 0; i < 6; i++)
	{	tmp->qu[i] = a->qu[i];
		tmp->ty[i] = a->ty[i];
	}
	tmp->tp    = (char *) emalloc(strlen(a->tp)+1);
	strcpy(tmp->tp, a->tp);
	tmp->t_id  = a->t_id;
	tmp->forw  = a->forw;
	tmp->back  = a->back;
	return tmp;
}

#ifndef NOREDUCE
int
srinc_set(int n)
{	if (n <= 2) return LOCAL;
	if (n <= 2+  DELTA) return Q_FULL_F; /* 's' or nfull  */
	if (n <= 2+2*DELTA) return Q_EMPT_F; /* 'r' or nempty */
	if (n <= 2+3*DELTA) return Q_EMPT_T; /* empty */
	if (n <= 2+4*DELTA) return Q_FULL_T; /* full  */
	if (n ==   5*DELTA) return GLOBAL;
	if (n ==   6*DELTA) return TIMEOUT_F;
	if (n ==   7*DELTA) return ALPHA_F;
	Uerror("cannot happen srinc_class");
	return BAD;
}
int
srunc(int n, int m)
{	switch(m) {
	case Q_FULL_F: return n-2;
	case Q_EMPT_F: return n-2-DELTA;
	case Q_EMPT_T: return n-2-2*DELTA;
	case Q_FULL_T: return n-2-3*DELTA;
	case ALPHA_F:
	case TIMEOUT_F: return 257; /* non-zero, and > MAXQ */
	}
	Uerror("cannot happen srunc");
	return 0;
}
#endif
int cnt;
#ifdef HAS_UNLESS
int
isthere(Trans *a, int b)
{	Trans *t;
	for (t = a; t; t = t->nxt)
		if (t->t_id == b)
			return 1;
	return 0;
}
#endif
#ifndef NOREDUCE
int
mark_safety(Trans *t) /* for conditional safety */
{	int g = 0, i, j, k;

	if (!t) return 0;
	if (t->qu[0])
		return (t->qu[1])?2:1;	/* marked */

	for (i = 0; i < 2; i++)
	{	j = srinc_set(t->tpe[i]);
		if (j >= GLOBAL && j != ALPHA_F)
			return -1;
		if (j != LOCAL)
		{	k = srunc(t->tpe[i], j);
			if (g == 0
			||  t->qu[0] != k
			||  t->ty[0] != j)
			{	t->qu[g] = k;
				t->ty[g] = j;
				g++;
	}	}	}
	return g;
}
#endif
void
retrans(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
	/* process n, with m states, is=initial state */
{	Trans *T0, *T1, *T2, *T3;
	Trans *T4, *T5; /* t_reverse or has_unless */
	int i;
#if defined(HAS_UNLESS) || !defined(NOREDUCE)
	int k;
#endif
#ifndef NOREDUCE
	int g, h, j, aa;
#endif
#ifdef HAS_UNLESS
	int p;
#endif
	if (state_tables >= 4)
	{	printf("STEP 1 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
	do {
		for (i = 1, cnt = 0; i < m; i++)
		{	T2 = trans[n][i];
			T1 = T2?T2->nxt:(Trans *)0;
/* prescan: */		for (T0 = T1; T0; T0 = T0->nxt)
/* choice in choice */	{	if (T0->st && trans[n][T0->st]
				&&  trans[n][T0->st]->nxt)
					break;
			}
#if 0
		if (T0)
		printf("\tstate %d / %d: choice in choice\n",
		i, T0->st);
#endif
			if (T0)
			for (T0 = T1; T0; T0 = T0->nxt)
			{	T3 = trans[n][T0->st];
				if (!T3->nxt)
				{	T2->nxt = cpytr(T0);
					T2 = T2->nxt;
					imed(T2, T0->st, n, i);
					continue;
				}
				do {	T3 = T3->nxt;
					T2->nxt = cpytr(T3);
					T2 = T2->nxt;
					imed(T2, T0->st, n, i);
				} while (T3->nxt);
				cnt++;
			}
		}
	} while (cnt);
	if (state_tables >= 3)
	{	printf("STEP 2 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
	for (i = 1; i < m; i++)
	{	if (trans[n][i] && trans[n][i]->nxt) /* optimize */
		{	T1 = trans[n][i]->nxt;
#if 0
			printf("\t\tpull %d (%d) to %d\n",
			T1->st, T1->forw, i);
#endif
			srcln[i] = srcln[T1->st];	/* Oyvind Teig, 5.2.0 */

			if (!trans[n][T1->st]) continue;
			T0 = cpytr(trans[n][T1->st]);
			trans[n][i] = T0;
			reach[T1->st] = 1;
			imed(T0, T1->st, n, i);
			for (T1 = T1->nxt; T1; T1 = T1->nxt)
			{
#if 0
			printf("\t\tpull %d (%d) to %d\n",
				T1->st, T1->forw, i);
#endif
		/*		srcln[i] = srcln[T1->st];  gh: not useful */
				if (!trans[n][T1->st]) continue;
				T0->nxt = cpytr(trans[n][T1->st]);
				T0 = T0->nxt;
				reach[T1->st] = 1;
				imed(T0, T1->st, n, i);
	}	}	}
	if (state_tables >= 2)
	{	printf("STEP 3 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
#ifdef HAS_UNLESS
	for (i = 1; i < m; i++)
	{	if (!trans[n][i]) continue;
		/* check for each state i if an
		 * escape to some state p is defined
		 * if so, copy and mark p's transitions
		 * and prepend them to the transition-
		 * list of state i
		 */
	 if (!like_java) /* the default */
	 {	for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		for (k = HAS_UNLESS-1; k >= 0; k--)
		{	if (p = T0->escp[k])
			for (T1 = trans[n][p]; T1; T1 = T1->nxt)
			{	if (isthere(trans[n][i], T1->t_id))
					continue;
				T2 = cpytr(T1);
				T2->e_trans = p;
				T2->nxt = trans[n][i];
				trans[n][i] = T2;
		}	}
	 } else /* outermost unless checked first */
	 {	T4 = T3 = (Trans *) 0;
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		for (k = HAS_UNLESS-1; k >= 0; k--)
		{	if (p = T0->escp[k])
			for (T1 = trans[n][p]; T1; T1 = T1->nxt)
			{	if (isthere(trans[n][i], T1->t_id))
					continue;
				T2 = cpytr(T1);
				T2->nxt = (Trans *) 0;
				T2->e_trans = p;
				if (T3)	T3->nxt = T2;
				else	T4 = T2;
				T3 = T2;
		}	}
		if (T4)
		{	T3->nxt = trans[n][i];
			trans[n][i] = T4;
		}
	 }
	}
#endif
#ifndef NOREDUCE
	for (i = 1; i < m; i++)
	{	if (a_cycles)
		{ /* moves through these states are visible */
	#if PROG_LAB>0 && defined(HAS_NP)
			if (progstate[n][i])
				goto degrade;
			for (T1 = trans[n][i]; T1; T1 = T1->nxt)
				if (progstate[n][T1->st])
					goto degrade;
	#endif
			if (accpstate[n][i] || visstate[n][i])
				goto degrade;
			for (T1 = trans[n][i]; T1; T1 = T1->nxt)
				if (accpstate[n][T1->st])
					goto degrade;
		}
		T1 = trans[n][i];
		if (!T1) continue;
		g = mark_safety(T1);	/* V3.3.1 */
		if (g < 0) goto degrade; /* global */
		/* check if mixing of guards preserves reduction */
		if (T1->nxt)
		{	k = 0;
			for (T0 = T1; T0; T0 = T0->nxt)
			{	if (!(T0->atom&8))
					goto degrade;
				for (aa = 0; aa < 2; aa++)
				{	j = srinc_set(T0->tpe[aa]);
					if (j >= GLOBAL && j != ALPHA_F)
						goto degrade;
					if (T0->tpe[aa]
					&&  T0->tpe[aa]
					!=  T1->tpe[0])
						k = 1;
			}	}
			/* g = 0;	V3.3.1 */
			if (k)	/* non-uniform selection */
			for (T0 = T1; T0; T0 = T0->nxt)
			for (aa = 0; aa < 2; aa++)
			{	j = srinc_set(T0->tpe[aa]);
				if (j != LOCAL)
				{	k = srunc(T0->tpe[aa], j);
					for (h = 0; h < 6; h++)
						if (T1->qu[h] == k
						&&  T1->ty[h] == j)
							break;
					if (h >= 6)
					{	T1->qu[g%6] = k;
						T1->ty[g%6] = j;
						g++;
			}	}	}
			if (g > 6)
			{	T1->qu[0] = 0;	/* turn it off */
				printf("pan: warning, line %d, ",
					srcln[i]);
			 	printf("too many stmnt types (%d)",
					g);
			  	printf(" in selection\n");
			  goto degrade;
			}
		}
		/* mark all options global if >=1 is global */
		for (T1 = trans[n][i]; T1; T1 = T1->nxt)
			if (!(T1->atom&8)) break;
		if (T1)
degrade:	for (T1 = trans[n][i]; T1; T1 = T1->nxt)
			T1->atom &= ~8;	/* mark as unsafe */
		/* can only mix 'r's or 's's if on same chan */
		/* and not mixed with other local operations */
		T1 = trans[n][i];
		if (!T1 || T1->qu[0]) continue;
		j = T1->tpe[0];
		if (T1->nxt && T1->atom&8)
		{ if (j == 5*DELTA)
		  {	printf("warning: line %d ", srcln[i]);
			printf("mixed condition ");
			printf("(defeats reduction)\n");
			goto degrade;
		  }
		  for (T0 = T1; T0; T0 = T0->nxt)
		  for (aa = 0; aa < 2; aa++)
		  if  (T0->tpe[aa] && T0->tpe[aa] != j)
		  {	printf("warning: line %d ", srcln[i]);
			printf("[%d-%d] mixed %stion ",
				T0->tpe[aa], j, 
				(j==5*DELTA)?"condi":"selec");
			printf("(defeats reduction)\n");
			printf("	'%s' <-> '%s'\n",
				T1->tp, T0->tp);
			goto degrade;
		} }
	}
#endif
	for (i = 1; i < m; i++)
	{	T2 = trans[n][i];
		if (!T2
		||  T2->nxt
		||  strncmp(T2->tp, ".(goto)", 7)
		||  !stopstate[n][i])
			continue;
		stopstate[n][T2->st] = 1;
	}
	if (state_tables && !verbose)
	{	if (dodot)
		{	char buf[256], *q = buf, *p = procname[n];
			while (*p != '\0')
			{	if (*p != ':')
				{	*q++ = *p;
				}
				p++;
			}
			*q = '\0';
			printf("digraph ");
			switch (Btypes[n]) {
			case I_PROC:  printf("init {\n"); break;
			case N_CLAIM: printf("claim_%s {\n", buf); break;
			case E_TRACE: printf("notrace {\n"); break;
			case N_TRACE: printf("trace {\n"); break;
			default:      printf("p_%s {\n", buf); break;
			}
			printf("size=\"8,10\";\n");
			printf("  GT [shape=box,style=dotted,label=\"%s\"];\n", buf);
			printf("  GT -> S%d;\n", is);
		} else
		{	switch (Btypes[n]) {
			case I_PROC:  printf("init\n"); break;
			case N_CLAIM: printf("claim %s\n", procname[n]); break;
			case E_TRACE: printf("notrace assertion\n"); break;
			case N_TRACE: printf("trace assertion\n"); break;
			default:      printf("proctype %s\n", procname[n]); break;
		}	}
		for (i = 1; i < m; i++)
		{	reach[i] = 1;
		}
		tagtable(n, m, is, srcln, reach);
		if (dodot) printf("}\n");
	} else
	for (i = 1; i < m; i++)
	{	int nrelse;
		if (Btypes[n] != N_CLAIM)
		{	for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			{	if (T0->st == i
				&& strcmp(T0->tp, "(1)") == 0)
				{	printf("error: proctype '%s' ",
						procname[n]);
		  			printf("line %d, state %d: has un",
						srcln[i], i);
					printf("conditional self-loop\n");
					pan_exit(1);
		}	}	}
		nrelse = 0;
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		{	if (strcmp(T0->tp, "else") == 0)
				nrelse++;
		}
		if (nrelse > 1)
		{	printf("error: proctype '%s' state",
				procname[n]);
		  	printf(" %d, inherits %d", i, nrelse);
		  	printf(" 'else' stmnts\n");
			pan_exit(1);
	}	}
#if !defined(LOOPSTATE) && !defined(BFS_PAR)
	if (state_tables)
#endif
	do_dfs(n, m, is, srcln, reach, lpstate);

	if (!t_reverse)
	{	return;
	}
	/* process n, with m states, is=initial state -- reverse list */
	if (!state_tables && Btypes[n] != N_CLAIM)
	{	for (i = 1; i < m; i++)
		{	Trans *Tx = (Trans *) 0; /* list of escapes */
			Trans *Ty = (Trans *) 0; /* its tail element */
			T1 = (Trans *) 0; /* reversed list */
			T2 = (Trans *) 0; /* its tail */
			T3 = (Trans *) 0; /* remembers possible 'else' */

			/* find unless-escapes, they should go first */
			T4 = T5 = T0 = trans[n][i];
	#ifdef HAS_UNLESS
			while (T4 && T4->e_trans) /* escapes are first in orig list */
			{	T5 = T4;	  /* remember predecessor */
				T4 = T4->nxt;
			}
	#endif
			/* T4 points to first non-escape, T5 to its parent, T0 to original list */
			if (T4 != T0)		 /* there was at least one escape */
			{	T3 = T5->nxt;		 /* start of non-escapes */
				T5->nxt = (Trans *) 0;	 /* separate */
				Tx = T0;		 /* start of the escapes */
				Ty = T5;		 /* its tail */
				T0 = T3;		 /* the rest, to be reversed */
			}
			/* T0 points to first non-escape, Tx to the list of escapes, Ty to its tail */

			/* first tail-add non-escape transitions, reversed */
			T3 = (Trans *) 0;
			for (T5 = T0; T5; T5 = T4)
			{	T4 = T5->nxt;
	#ifdef HAS_UNLESS
				if (T5->e_trans)
				{	printf("error: cannot happen!\n");
					continue;
				}
	#endif
				if (strcmp(T5->tp, "else") == 0)
				{	T3 = T5;
					T5->nxt = (Trans *) 0;
				} else
				{	T5->nxt = T1;
					if (!T1) { T2 = T5; }
					T1 = T5;
			}	}
			/* T3 points to a possible else, which is removed from the list */
			/* T1 points to the reversed list so far (without escapes) */
			/* T2 points to the tail element -- where the else should go */
			if (T2 && T3)
			{	T2->nxt = T3;	/* add else */
			} else
			{	if (T3) /* there was an else, but there's no tail */
				{	if (!T1)	/* and no reversed list */
					{	T1 = T3; /* odd, but possible */
					} else		/* even stranger */
					{	T1->nxt = T3;
			}	}	}

			/* add in the escapes, to that they appear at the front */
			if (Tx && Ty) { Ty->nxt = T1; T1 = Tx; }

			trans[n][i] = T1;
			/* reversed, with escapes first and else last */
	}	}
	if (state_tables && verbose)
	{	printf("FINAL proctype %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
	}
}
void
imed(Trans *T, int v, int n, int j)	/* set intermediate state */
{	progstate[n][T->st] |= progstate[n][v];
	accpstate[n][T->st] |= accpstate[n][v];
	stopstate[n][T->st] |= stopstate[n][v];
	mapstate[n][j] = T->st;
}
void
tagtable(int n, int m, int is, short srcln[], uchar reach[])
{	Trans *z;

	if (is >= m || !trans[n][is]
	||  is <= 0 || reach[is] == 0)
		return;
	reach[is] = 0;
	if (state_tables)
	for (z = trans[n][is]; z; z = z->nxt)
	{	if (dodot)
			dot_crack(n, is, z);
		else
			crack(n, is, z, srcln);
	}

	for (z = trans[n][is]; z; z = z->nxt)
	{
#ifdef HAS_UNLESS
		int i, j;
#endif
		tagtable(n, m, z->st, srcln, reach);
#ifdef HAS_UNLESS
		for (i = 0; i < HAS_UNLESS; i++)
		{	j = trans[n][is]->escp[i];
			if (!j) break;
			tagtable(n, m, j, srcln, reach);
		}
#endif
	}
}

extern Trans *t_id_lkup[];

void
dfs_table(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
{	Trans *z;

	if (is >= m || is <= 0 || !trans[n][is])
		return;
	if ((reach[is] & (4|8|16)) != 0)
	{	if ((reach[is] & (8|16)) == 16)	/* on stack, not yet recorded */
		{	lpstate[is] = 1;
			reach[is] |= 8; /* recorded */
			if (state_tables && verbose)
			{	printf("state %d line %d is a loopstate\n", is, srcln[is]);
		}	}
		return;
	}
	reach[is] |= (4|16);	/* visited | onstack */
	for (z = trans[n][is]; z; z = z->nxt)
	{	t_id_lkup[z->t_id] = z;
#ifdef HAS_UNLESS
		int i, j;
#endif
		dfs_table(n, m, z->st, srcln, reach, lpstate);
#ifdef HAS_UNLESS
		for (i = 0; i < HAS_UNLESS; i++)
		{	j = trans[n][is]->escp[i];
			if (!j) break;
			dfs_table(n, m, j, srcln, reach, lpstate);
		}
#endif
	}
	reach[is] &= ~16; /* no longer on stack */
}
void
do_dfs(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
{	int i;
	dfs_table(n, m, is, srcln, reach, lpstate);
	for (i = 0; i < m; i++)
		reach[i] &= ~(4|8|16);
}
void
crack(int n, int j, Trans *z, short srcln[])
{	int i;

	if (!z) return;
	printf("	state %3d -(tr %3d)-> state %3d  ",
		j, z->forw, z->st);
	printf("[id %3d tp %3d", z->t_id, z->tpe[0]);
	if (z->tpe[1]) printf(",%d", z->tpe[1]);
#ifdef HAS_UNLESS
	if (z->e_trans)
		printf(" org %3d", z->e_trans);
	else if (state_tables >= 2)
	for (i = 0; i < HAS_UNLESS; i++)
	{	if (!z->escp[i]) break;
		printf(" esc %d", z->escp[i]);
	}
#endif
	printf("]");
	printf(" [%s%s%s%s%s] %s:%d => ",
		z->atom&6?"A":z->atom&32?"D":"-",
		accpstate[n][j]?"a" :"-",
		stopstate[n][j]?"e" : "-",
		progstate[n][j]?"p" : "-",
		z->atom & 8 ?"L":"G",
		PanSource, srcln[j]);
	for (i = 0; z->tp[i]; i++)
		if (z->tp[i] == '\n')
			printf("\\n");
		else
			putchar(z->tp[i]);
	if (verbose && z->qu[0])
	{	printf("\t[");
		for (i = 0; i < 6; i++)
			if (z->qu[i])
				printf("(%d,%d)",
				z->qu[i], z->ty[i]);
		printf("]");
	}
	printf("\n");
	fflush(stdout);
}
/* spin -a m.pml; cc -o pan pan.c; ./pan -D | dot -Tps > foo.ps; ps2pdf foo.ps */
void
dot_crack(int n, int j, Trans *z)
{	int i;

	if (!z) return;
	printf("	S%d -> S%d  [color=black", j, z->st);

	if (z->atom&6) printf(",style=dashed");
	else if (z->atom&32) printf(",style=dotted");
	else if (z->atom&8) printf(",style=solid");
	else printf(",style=bold");

	printf(",label=\"");
	for (i = 0; z->tp[i]; i++)
	{	if (z->tp[i] == '\\'
		&&  z->tp[i+1] == 'n')
		{	i++; printf(" ");
		} else
		{	putchar(z->tp[i]);
	}	}
	printf("\"];\n");
	if (accpstate[n][j]) printf("  S%d [color=red,style=bold];\n", j);
	else if (progstate[n][j]) printf("  S%d [color=green,style=bold];\n", j);
	if (stopstate[n][j]) printf("  S%d [color=blue,style=bold,shape=box];\n", j);
}

#ifdef VAR_RANGES
#define BYTESIZE	32	/* 2^8 : 2^3 = 256:8 = 32 */

typedef struct Vr_Ptr {
	char	*nm;
	uchar	vals[BYTESIZE];
	struct Vr_Ptr *nxt;
} Vr_Ptr;
Vr_Ptr *ranges = (Vr_Ptr *) 0;

void
logval(char *s, int v)
{	Vr_Ptr *tmp;

	if (v<0 || v > 255) return;
	for (tmp = ranges; tmp; tmp = tmp->nxt)
		if (!strcmp(tmp->nm, s))
			goto found;
	tmp = (Vr_Ptr *) emalloc(sizeof(Vr_Ptr));
	tmp->nxt = ranges;
	ranges = tmp;
	tmp->nm = s;
found:
	tmp->vals[(v)/8] |= 1<<((v)%8);
}

void
dumpval(uchar X[], int range)
{	int w, x, i, j = -1;

	for (w = i = 0; w < range; w++)
	for (x = 0; x < 8; x++, i++)
	{
from:		if ((X[w] & (1<<x)))
		{	printf("%d", i);
			j = i;
			goto upto;
	}	}
	return;
	for (w = 0; w < range; w++)
	for (x = 0; x < 8; x++, i++)
	{
upto:		if (!(X[w] & (1<<x)))
		{	if (i-1 == j)
				printf(", ");
			else
				printf("-%d, ", i-1);
			goto from;
	}	}
	if (j >= 0 && j != 255)
		printf("-255");
}

void
dumpranges(void)
{	Vr_Ptr *tmp;
	printf("\nValues assigned within ");
	printf("interval [0..255]:\n");
	for (tmp = ranges; tmp; tmp = tmp->nxt)
	{	printf("\t%s\t: ", tmp->nm);
		dumpval(tmp->vals, BYTESIZE);
		printf("\n");
	}
}
#endif
