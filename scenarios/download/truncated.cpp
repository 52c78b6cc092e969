// The pool of download/pool against a server that cuts one body in ten in half and hangs up. The header said how long
// the body would be, so the cut is noticed: the file is fetched again over a new connection, and the cut counted.
// A bad run is download/truncated-unnoticed: half a file, and nobody says so.
#include "scenarios/download/from_pool.h"

CHICANE_SCENARIO("download/truncated", DownloadsByPool<Manners::truncates_one_in_ten>)
    .says("downloads 64 files from a server that cuts one body in ten short")
    .not_judged_in("explore", CHICANE_NO_SOCKETS)
    .exactly_workers(1)
    .axis("delay_ms", {1})
    .operation("64 files, one request in ten goes wrong")
    .tag("more");
