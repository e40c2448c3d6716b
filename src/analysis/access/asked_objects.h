// The objects that a Read or Write asks for, named one after the other along with the results of
// its answer (ISO 9506-2 clauses 14.6 and 14.7).
#pragma once

#include <string>
#include <string_view>

#include "analysis/context.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class AskedObjects {
 public:
  // `request` is null where it is not known, or where its objects do not fit the answer. It and the
  // model outlive this object.
  AskedObjects(const Context& context, const RequestView* request);

  // The data set that is accessed by its name, else empty.
  const std::string& data_set() const { return data_set_; }
  // From 0.
  std::size_t position() const { return position_; }
  void next();
  // "LD/LN$FC$DO"; "LD/LN$name[2]" of a data set whose members were not seen; empty where nothing
  // is known.
  std::string object() const;
  // What is written to the object, or none.
  asn1::NodeRef value() const;
  // RcbTracker tells of attributes of report control blocks in writes that begin with one.
  bool told_as_rcb(std::string_view item) const;

 private:
  const asn1::Tree* tree_ = nullptr;
  asn1::NodeRef specification_;
  asn1::NodeRef variable_;
  ObjectName first_;
  std::string data_set_;
  const iec61850::DataSet* members_ = nullptr;
  std::size_t position_ = 0;
};

}  // namespace mmsa::analysis
