using Actors.Adversary.Playing;

namespace Actors.Adversary.Faces;

/// <summary>The ways to the engine.</summary>
internal static class FaceList
{
    private static readonly Func<World, EngineLife, Face>[] All =
    [
        (world, life) => new AppendFace(world, life),
        (world, life) => new AppendFace(world, life),
        (world, life) => new WriterFace(world, life),
        (world, life) => new PositionFace(world, life),
        (world, life) => new PositionFace(world, life),
        (world, life) => new MixedFace(world, life),
        (world, life) => new FloodFace(world, life),
        (world, life) => new PathFace(world, life),
        (world, life) => new PathFace(world, life),
        (world, life) => new StreamFace(world, life),
        (world, life) => new StreamFace(world, life),
        (world, life) => new ReaderFace(world, life),
        (world, life) => new ProtocolFace(world, life),
        (world, life) => new MixedActorFace(world, life),
        (world, life) => new StageFace(world, life),
        (world, life) => new NeighbourFace(world, life),
    ];

    public static Face Draw(World world, EngineLife life, Random dice) => All[dice.Next(All.Length)](world, life);
}
