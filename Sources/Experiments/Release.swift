/// This release of Lethe, as runs and exported files record it.
public enum Release {
  /// The version, after semver.org.
  public static let version = "0.1.0"
}
