// What a capture shows of files: transfers, and the directories that were listed.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "files/comtrade.h"
#include "files/extractor.h"
#include "iec61850/file_transfer.h"
#include "iec61850/meaning.h"

namespace mmsa::files {

struct Where {
  Endpoint server;
  Endpoint client;
  std::uint32_t stream = 0;
};

struct Transfer {
  Where where;
  iec61850::FileTransfer file;
  bool to_client = true;  // false: ObtainFile, the server fetches it
  std::string saved_as;   // in the directory of --extract; empty where nothing was written
  std::optional<Comtrade> comtrade;

  // The whole file, as far as the server says how large it is.
  bool complete() const;
};

// One file that a FileDirectory told.
struct Listed {
  Where where;
  FrameRef frame;
  std::string directory;  // that was asked for; empty: the root
  std::string name;
  std::optional<std::uint64_t> size;
  std::string last_modified;  // GeneralizedTime as on the wire
};

class Transfers : public iec61850::ExchangeSink {
 public:
  // `extractor` may be null; outlives this object. What it throws passes through.
  explicit Transfers(Extractor* extractor) : extractor_(extractor) {}

  void on(const Association& association, const iec61850::Event& event) override;

  // In the order in which they were over.
  const std::deque<Transfer>& transfers() const { return transfers_; }
  const std::deque<Listed>& listed() const { return listed_; }
  // The record that a file belongs to, by its configuration; null where that was not transferred.
  const Comtrade* comtrade(const Transfer& transfer) const;
  // Transfers and listed files beyond the caps.
  std::uint64_t left_out() const { return left_out_; }

 private:
  // As many as a week of a whole station.
  static constexpr std::size_t kMaxTransfers = 65'536;
  static constexpr std::size_t kMaxListed = 65'536;
  // Octets kept of a configuration, which has a line of 60 for each channel; and of all that are
  // being transferred.
  static constexpr std::size_t kMaxHead = 128u << 10;
  static constexpr std::size_t kMaxHeads = 16u << 20;

  // What is kept of an open transfer beside its state.
  struct Open {
    Side requester = Side::a;
    std::int64_t frsm_id = 0;
    std::string name;  // of the extractor; empty: nothing is written
    bool made = false;
    std::string head;
  };
  struct Story {
    iec61850::FileTransfers files;
    std::vector<Open> open;
    Where where;
    Side client = Side::a;
  };

  void on_exchange(Story& story, const iec61850::Exchange& exchange);
  void on_block(Story& story, const iec61850::FileTransfer& file, Bytes octets);
  void list(const Story& story, const iec61850::Exchange& exchange);
  void finish(Story& story, iec61850::FileTransfer file);
  void close(Story& story);
  Story& story_of(const Association& association);

  Extractor* extractor_;
  std::map<std::uint32_t, Story> stories_;  // by stream, of associations with files
  std::deque<Transfer> transfers_;
  std::deque<Listed> listed_;
  std::map<std::pair<Endpoint, std::string>, Comtrade> records_;
  std::size_t heads_ = 0;  // octets
  std::uint64_t left_out_ = 0;
};

}  // namespace mmsa::files
