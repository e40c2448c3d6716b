// What servers and clients are called, where the data or the operator tell.
#pragma once

#include <set>
#include <string>

#include "iec61850/server_model.h"
#include "mmsanalyze/result.h"

namespace mmsa::analysis {

// The name of the IED that has these logical devices: an MMS domain is the IED's name and that of
// the logical device in it (IEC 61850-8-1 clause 7.3.2), without a mark between them. So it is what
// all of them begin with, or what stands before "LD0" and the like; where neither is there, the
// name of the first logical device, by which it is known as well. Empty without any.
std::string ied_name(const std::set<std::string, std::less<>>& devices);

// The names that the operator gave, and for servers without one those of their logical devices.
AddressNames names_of(const iec61850::ServerModels& models, const AddressNames& given);

// "10.0.0.2:102 (IED1)", or the address alone.
std::string with_name(const AddressNames& names, std::string_view address);

}  // namespace mmsa::analysis
