// The downloads of download/truncated by a client that takes the end of the connection for the end of the file. No
// thread does anything wrong, so no detector of races or memory errors can see it: only who looks at the files can.
// It is certain: of 64 requests, at least six are cut.
// A bad run, which is every run: 64 files saved, six of them half.
#include "scenarios/download/from_pool.h"

using TruncatedUnnoticed = DownloadsByPool<Manners::truncates_one_in_ten, Length::ignored>;

CHICANE_SCENARIO("download/truncated-unnoticed", TruncatedUnnoticed)
    .says("downloads 64 files and does not look at their length")
    .must(chicane::wrong_result.at("files damaged").in("bench,stress,tsan,asan"),
          chicane::wrong_result.at("truncated bodies that were noticed").in("bench,stress,tsan,asan"))
    .not_judged_in("explore", CHICANE_NO_SOCKETS)
    .exactly_workers(1)
    .axis("delay_ms", {1})
    .operation("64 files, one request in ten goes wrong")
    .tag("more");
