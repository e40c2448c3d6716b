// A value taken apart into attributes: what stands at the leaves of a structure, each with its
// reference and with the quality and the time stamp of the structure that it belongs to.
#pragma once

#include <string>
#include <string_view>

#include "iec61850/reference.h"
#include "iec61850/type_tree.h"
#include "mmsanalyze/asn1.h"

namespace mmsa::iec61850 {

struct Attribute {
  // "LD/GGIO1$ST$Ind1$stVal", "LD/MMXU1$MX$A$phsA$cVal$mag$f", "LD/MHAI1$MX$HA$har(3)$mag$f";
  // "[2]" in place of a name that is not known. Valid during the call.
  std::string_view ref;
  asn1::NodeRef value;
  // Of the innermost structure around it that has them; none where none has.
  asn1::NodeRef quality;
  asn1::NodeRef time;
  // Some of its name is that of a common data class which the value looks like: no type was told.
  bool guessed = false;
};

class AttributeSplitter {
 public:
  // Calls f(const Attribute&) for each attribute in `value`, in order. q and t of a structure that
  // holds anything else are no attributes of their own, but what the others come with. `type` is
  // that of the value, null where it was not told; one that does not fit the value is not used.
  template <typename F>
  void split(std::string_view ref, TypeRef type, asn1::NodeRef value, F&& f) {
    Call<F> call(f);
    begin(ref, type, value, call);
  }

 private:
  struct Callback {
    virtual void operator()(const Attribute& attribute) const = 0;

   protected:
    ~Callback() = default;
  };
  template <typename F>
  struct Call final : Callback {
    explicit Call(F& f) : function(f) {}
    void operator()(const Attribute& attribute) const override { function(attribute); }
    F& function;
  };
  // What holds for all attributes of a structure.
  struct Inherited {
    asn1::NodeRef quality;
    asn1::NodeRef time;
    bool guessed = false;
  };

  void begin(std::string_view ref, TypeRef type, asn1::NodeRef value, const Callback& callback);
  void descend(asn1::NodeRef value, TypeRef type, std::string_view name, Inherited inherited);
  void members(asn1::NodeRef structure, TypeRef type, std::string_view name, Inherited inherited);
  void elements(asn1::NodeRef array, TypeRef type, const Inherited& inherited);

  std::string ref_;
  const Callback* callback_ = nullptr;
};

}  // namespace mmsa::iec61850
