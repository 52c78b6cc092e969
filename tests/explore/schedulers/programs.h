// Programs with known bugs, and their fixed twins, for the simulation.
#pragma once

#include "tests/explore/schedulers/simulation.h"

namespace chicane::explore::simulated {

void lost_update(Simulation& s);        // two threads, one increment each
void atomic_load_store(Simulation& s);  // the same with atomics
void counted_right(Simulation& s);      // with fetch_add
void lock_order(Simulation& s);         // two locks in two orders
void lock_order_fixed(Simulation& s);
void wait_with_if(Simulation& s);  // a condition variable's wait without a loop, two consumers
void wait_with_while(Simulation& s);
void treiber_aba(Simulation& s);       // a popped node comes back while another pop stands before its exchange
void double_checked(Simulation& s);    // publishes before it has made
void peterson_relaxed(Simulation& s);  // under Limits::relaxed
void peterson(Simulation& s);
void philosophers(Simulation& s);  // three, each takes the left fork first
void philosophers_fixed(Simulation& s);
void three_preemptions(Simulation& s);        // needs exactly three
void spin_on_flag(Simulation& s);             // a thread that spins for a flag of another; nothing wrong
void spinners(Simulation& s);                 // two spin for the one that works
void yielding_wait(Simulation& s);            // waits with yield() in a loop
Program reorder(int setters);                 // SCTBench's reorder_N
Program increments(int threads, int times);   // atomic, no bug: for counting interleavings
Program independent(int threads, int steps);  // each has a variable of its own
void spin_unnoticed(Simulation& s);           // spins in a way that is not noticed as spinning
Program four_turns(int steps);                // wrong where two threads take two turns each
Program deep_pct(int before);                 // a bug of depth 2 behind so many steps of one thread

}  // namespace chicane::explore::simulated
