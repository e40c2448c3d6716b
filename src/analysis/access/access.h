// Objects that could not be read or written though their request was answered, answers with more
// or fewer results than were asked for, and deletes without effect (ISO 9506-2 clause 14).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis/context.h"
#include "iec61850/reference.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class AccessTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);

  // The association turned out to be one of ICCP: advice is given in its terms from now on.
  void note_iccp() { iccp_ = true; }

 private:
  // One result that is a failure.
  struct Failure {
    std::size_t position = 0;  // of the result, from 0
    std::size_t results = 0;
    std::size_t failed = 0;  // of the results
    std::int64_t code = 0;   // DataAccessError
    std::string object{};    // empty where its name is not known
    std::string data_set{};  // whose member it is, where it was accessed so
    std::size_t alike = 1;   // results of this request with this code
    std::string others{};    // the other objects of them, as far as they are named
    std::size_t named = 0;   // in `others`
    asn1::NodeRef value{};   // that was written
  };

  void on_read_answer(Context& context, const MmsMessage& message);
  void on_write_answer(Context& context, const MmsMessage& message);
  void tell_failures(Context& context, const MmsMessage& message, std::size_t failed);
  static void check_count(Context& context, const MmsMessage& message, std::size_t results);
  static FindingDraft draft(Context& context, const MmsMessage& message, const Failure& failure,
                            std::string_view rule);
  static void describe(Finding& finding, const MmsMessage& message, const Failure& failure,
                       std::string_view verb);
  std::string failed_whole(const Failure& failure);
  void read_failed(Context& context, const MmsMessage& message, const Failure& failure);
  void write_failed(Context& context, const MmsMessage& message, const Failure& failure);
  void on_delete_answer(Context& context, const MmsMessage& message);
  static void raise_cleared(Context& context, const MmsMessage& message, const std::string& name);
  static void learn_setting_groups(Context& context, const MmsMessage& message);

  bool iccp_ = false;
  std::set<std::string, std::less<>> failed_reads_;  // "code object"
};

}  // namespace mmsa::analysis
