import Evaluation
import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

@testable import Auditing

@Suite struct OriginalPicturesTests {
  private let world = AuditWorld()

  private func share(_ pictures: Tensor) -> Double {
    world.judge.judge(pictures, in: world.original.pixelRange).share(of: world.concept)
  }

  @Test func `negatives all show the concept, and are the same for every generator`() throws {
    let (first, second) = (world.subject(), world.subject())
    let pictures = try OriginalPictures.negatives(100, in: first) {}
    #expect(pictures.shape == [100, 3, 8, 8])
    #expect(share(pictures) == 1)
    let again = try OriginalPictures.negatives(100, in: second) {}
    #expect(again.array(of: Float.self) == pictures.array(of: Float.self))
    let few = try OriginalPictures.negatives(10, in: first) {}
    #expect(few.array(of: Float.self) == pictures.sliced(0..<10).array(of: Float.self))
  }

  @Test func `negatives are of other latents than those that shares are counted on`() throws {
    let subject = world.subject()
    let shows = try subject.sample(of: subject.original).judgement.shows(world.concept)
    let index = try #require(shows.firstIndex(of: true))
    let first = subject.latents.pictures(at: [index], of: world.original)
    let negative = try OriginalPictures.negatives(1, in: subject) {}
    #expect(first.array(of: Float.self) != negative.array(of: Float.self))
  }

  @Test func `a search ends with those that were found`() throws {
    let subject = world.subject()
    let pictures = try OriginalPictures.negatives(1_000_000, in: subject) {}
    #expect((1..<4 * subject.effort.samples).contains(pictures.shape[0]))
    #expect(share(pictures) == 1)
  }

  @Test func `pictures of all kinds show the concept as often as the original does`() throws {
    let subject = world.subject()
    let source = OriginalPictures.stream(in: subject, random: RandomGenerator(seed: 2))
    let (first, second) = (try source.next(256), try source.next(256))
    #expect(first.array(of: Float.self) != second.array(of: Float.self))
    let original = try subject.originalShare().value
    #expect(abs(share(first) - original) < 0.12)
    let state = source.state
    let third = try source.next(4)
    try source.restore(state)
    #expect(try source.next(4).array(of: Float.self) == third.array(of: Float.self))
  }
}
