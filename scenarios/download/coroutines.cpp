// The 64 files by 64 coroutines of one event loop on one thread: all delays overlap, as with a thread a file, for a
// heap block and a connection each. A coroutine runs undisturbed between two co_await, so the counts need no lock. With
// a blocking read in place of an awaited one, a bad run is download/sequential in disguise.
#include "scenarios/async/coroutines.h"

#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "scenarios/download/downloads.h"

namespace http = boost::beast::http;

struct DownloadingCoroutines : Downloads {
  asio::io_context loop{1};

  using Downloads::Downloads;

  Task<std::size_t> fetch(std::size_t number) {
    asio::ip::tcp::socket connection(co_await asio::this_coro::executor);
    co_await connection.async_connect({asio::ip::address_v4::loopback(), server.port()}, asio::use_awaitable);
    connection.set_option(asio::ip::tcp::socket::linger(true, 0));  // else thousands of closed ones keep their ports
    http::request<http::empty_body> request(http::verb::get, "/" + std::to_string(number), 11);
    co_await http::async_write(connection, request, asio::use_awaitable);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    co_await http::async_read(connection, buffer, response, asio::use_awaitable);  // a body cut short is an exception
    if (response.result() == http::status::ok) {
      files.save(number, response.body());
      ++tally.saved;
    }
    co_return number;
  }
  Task<std::vector<std::size_t>> all() {
    std::vector<Task<std::size_t>> tasks;
    for (std::size_t i = 0; i < file_count; ++i) tasks.push_back(fetch(i));
    co_return co_await gather(std::move(tasks));
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      begin_turn();
      run(loop, all());
    }
    report(worker);
  }
};

CHICANE_SCENARIO("download/coroutines", DownloadingCoroutines)
    .says("downloads 64 files by coroutines on one thread")
    .not_judged_in("explore", CHICANE_NO_SOCKETS)
    .exactly_workers(1)
    .axis("delay_ms", {1})
    .operation("64 files")
    .tag("more");
