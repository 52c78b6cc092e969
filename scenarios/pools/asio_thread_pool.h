// Boost.Asio's thread_pool behind the calls that the pools of this family have in common.
#pragma once

#include <cstddef>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "scenarios/pools/unfinished.h"

class AsioThreadPool {
 public:
  explicit AsioThreadPool(std::size_t threads) : pool_(threads) {}
  ~AsioThreadPool() { pool_.join(); }

  template <typename Function>
  void submit(Function task) {
    unfinished_.begin();
    boost::asio::post(pool_, [this, own = std::move(task)]() {
      own();
      unfinished_.end();
    });
  }
  void wait() { unfinished_.wait(); }  // Asio's own join() waits too, but the pool is at its end then

 private:
  Unfinished unfinished_;
  boost::asio::thread_pool pool_;
};
