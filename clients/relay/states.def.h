/* What becomes of a delivery, as the queue's numbers have it: 0, 1, … The metrics of coord-web count by them. */
#ifndef RELAY_STATES_DEF_H
#define RELAY_STATES_DEF_H

/* D(CONSTANT, name) */
#define DELIVERY_STATES(D) D(WAITING, waiting) D(SENDING, sending) D(SENT, sent) D(DEAD, dead) D(DROPPED, dropped)

#endif
