// The pool of download/pool against a server that refuses one request in ten (503). Which request that is depends on
// the interleaving; a refused one is tried again on the same connection until it is served, and counted. The check
// holds the count against the server's own.
// A bad run takes the refusal's empty body for the file, or gives up and has fewer than 64.
#include "scenarios/download/from_pool.h"

CHICANE_SCENARIO("download/one-in-ten-refused", DownloadsByPool<Manners::refuses_one_in_ten>)
    .says("downloads 64 files from a server that refuses one request in ten")
    .not_judged_in("explore", CHICANE_NO_SOCKETS)
    .exactly_workers(1)
    .axis("delay_ms", {1})
    .operation("64 files, one request in ten goes wrong")
    .tag("more");
