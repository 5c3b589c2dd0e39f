using Actors.Engine;
using Actors.Reliability.Crash.Content;
using Akka.Actor;

namespace Actors.Reliability.Crash.Writing;

/// <summary>Files that get a new content as a whole, by each of the three ways. Version 0 is there already.</summary>
internal static class ReplacingStyles
{
    /// <summary>By one call.</summary>
    public static Task ReplaceAsync(WriterSession session, int file) => ReplaceAllAsync(
        session, file, content => session.Engine.ReplaceAsync(session.PathOf(file), content));

    /// <summary>Piece by piece, then committed.</summary>
    public static Task ReplacementAsync(WriterSession session, int file) =>
        ReplaceAllAsync(session, file, content => ReplaceByPiecesAsync(session, file, content));

    /// <summary>By the protocol's command.</summary>
    public static Task CommandAsync(WriterSession session, int file) => ReplaceAllAsync(session, file, async content =>
    {
        var answer = await session.Engine.Coordinator.Ask<EngineEvent>(
            new Replace(session.PathOf(file), content), Timeout.InfiniteTimeSpan);
        if (answer is not Replaced)
        {
            throw new InvalidOperationException($"{answer}");
        }
    });

    private static async Task ReplaceByPiecesAsync(WriterSession session, int file, ReadOnlyMemory<byte> content)
    {
        await using var replacement = await session.Engine.OpenReplacementAsync(session.PathOf(file));
        for (var rest = content; !rest.IsEmpty;)
        {
            var piece = rest[..Math.Min(rest.Length, 10_000)];
            await replacement.Writer.WriteAsync(piece);
            rest = rest[piece.Length..];
        }

        await replacement.CommitAsync();
    }

    private static async Task ReplaceAllAsync(
        WriterSession session, int file, Func<ReadOnlyMemory<byte>, Task> replace)
    {
        for (var version = 1L; ; version++)
        {
            await replace(NumberedVersion.Of(session.Seed, file, version));
            session.Acknowledge(file, version);
        }
    }
}
