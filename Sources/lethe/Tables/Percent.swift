import Records

/// A share in percent, with two decimals.
func percent(_ part: Int, of whole: Int) -> String {
  NumberText.plain(100 * Double(part) / Double(whole), decimals: 2) + " %"
}
