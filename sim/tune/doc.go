// Package tune searches the parameters of a policy: the facts with one number at the head
// of its text. Candidates are spread evenly over their ranges, and halved by rounds: each
// round gives more seeds to fewer of them ("successive halving": K. Jamieson and A.
// Talwalkar, Non-stochastic best arm identification and hyperparameter optimization,
// AISTATS 2016, pages 240-248). What is kept is judged by several goals at one time, by
// fronts and crowding (K. Deb et al., A fast and elitist multiobjective genetic algorithm:
// NSGA-II, IEEE Transactions on Evolutionary Computation 6 (2002), 182-197, sections III A
// and B).
package tune
