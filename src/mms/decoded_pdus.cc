#include "mms/decoded_pdus.h"

namespace mmsa::mms {

template <typename T>
void DecodedPdus::Room<T>::reset(std::size_t capacity) {
  used_ = 0;
  if (capacity <= capacity_) return;
  memory_ = std::make_unique_for_overwrite<std::byte[]>(capacity * sizeof(T));
  capacity_ = capacity;
}

template <typename T>
void DecodedPdus::Room<T>::close(const GrowingList<T>& list) {
  if (list.begin() == rest().data()) used_ += list.size();
}

void DecodedPdus::reset(std::size_t pdus, std::size_t octets) {
  size_ = 0;
  if (pdus > pdus_.size()) pdus_ = std::vector<DecodedPdu>(pdus);
  // An element has two octets at least. Memory that is not written to costs nothing.
  const std::size_t elements = octets / 2 + pdus;
  nodes_.reset(elements);
  objects_.reset(elements);
  values_.reset(elements);
}

void DecodedPdus::add(Bytes octets) {
  DecodedPdu& next = pdus_[size_++];
  next.tree.nodes.begin_in(nodes_.rest());
  next.tree.objects.begin_in(objects_.rest());
  next.tree.values.begin_in(values_.rest());
  decode_pdu(octets, next);
  nodes_.close(next.tree.nodes);
  objects_.close(next.tree.objects);
  values_.close(next.tree.values);
}

}  // namespace mmsa::mms
