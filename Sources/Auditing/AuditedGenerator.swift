public import GANs
public import Records

/// A generator that audits look at.
public struct AuditedGenerator {
  /// What it is to the audit.
  public let role: AuditRecord.Role
  /// What it is called in tables, such as `extrapolation, gamma 2.3`.
  public let name: String
  /// The generator, which no audit changes.
  public let network: any GeneratorNetwork
  /// The discriminator of the file that it comes from; nil where there is none.
  public let discriminator: (any DiscriminatorNetwork)?

  /// A generator.
  ///
  /// - Parameters:
  ///   - role: what it is to the audit.
  ///   - name: what it is called in tables.
  ///   - network: the generator.
  ///   - discriminator: that of its file, if there is one.
  public init(
    _ role: AuditRecord.Role, name: String? = nil, network: any GeneratorNetwork,
    discriminator: (any DiscriminatorNetwork)? = nil
  ) {
    self.role = role
    self.name = name ?? role.rawValue
    self.network = network
    self.discriminator = discriminator
  }
}
