using System.Globalization;
using Actors.Engine;

namespace Actors.Reliability.Crash.Writing;

/// <summary>What a file's content is made of.</summary>
internal enum ContentKind
{
    /// <summary>Lines, one behind the other.</summary>
    Lines,

    /// <summary>Blocks at their places.</summary>
    Blocks,

    /// <summary>One version as a whole.</summary>
    Version,
}

/// <summary>A way of making data durable, and the file that it is tried on.</summary>
/// <param name="Name">For people.</param>
/// <param name="Kind">What the file is made of.</param>
/// <param name="UnderWay">Units that may be sent and not acknowledged.</param>
/// <param name="RunAsync">Writes until it is killed.</param>
internal sealed record WritingStyle(
    string Name, ContentKind Kind, int UnderWay, Func<WriterSession, int, Task> RunAsync)
{
    private const int Window = 32;

    /// <summary>All of them; the index is the file's number.</summary>
    public static IReadOnlyList<WritingStyle> All { get; } =
    [
        new("EngineFile.AppendAsync, data-sync", ContentKind.Lines, Window, CallerStyles.AppendAsync),
        new("EngineFile.WriteAsync, data-sync", ContentKind.Blocks, Window, CallerStyles.WriteBlocksAsync),
        new("FileWriter.FlushAsync, data-sync", ContentKind.Lines, Window, CallerStyles.FlushAsync),
        new("FileWriter.SyncAsync", ContentKind.Lines, Window, CallerStyles.SyncAsync),
        Protocol("Write, each, gathered", AcknowledgeMode.Each, true, Durability.DataSync),
        Protocol("Write, each, one by one", AcknowledgeMode.Each, false, Durability.DataSync),
        Protocol("Write, cumulative, gathered", AcknowledgeMode.Cumulative, true, Durability.DataSync),
        Protocol("Write, cumulative, one by one", AcknowledgeMode.Cumulative, false, Durability.DataSync),
        Protocol("Write and Sync, gathered", AcknowledgeMode.Cumulative, true, Durability.None),
        Protocol("Write and Sync, one by one", AcknowledgeMode.Each, false, Durability.None),
        new("FileEngine.ReplaceAsync", ContentKind.Version, 1, ReplacingStyles.ReplaceAsync),
        new("FileReplacement", ContentKind.Version, 1, ReplacingStyles.ReplacementAsync),
        new("Replace", ContentKind.Version, 1, ReplacingStyles.CommandAsync),
    ];

    /// <summary>The name of a file.</summary>
    public static string NameOf(int file) => string.Create(CultureInfo.InvariantCulture, $"file-{file:00}");

    /// <summary>Its path.</summary>
    public static string PathIn(string directory, int file) => Path.Combine(directory, NameOf(file));

    private static WritingStyle Protocol(string name, AcknowledgeMode acknowledge, bool coalesce, Durability durability)
    {
        var options = new OpenOptions { Acknowledge = acknowledge, Coalesce = coalesce, Durability = durability };
        return new WritingStyle(name, ContentKind.Lines, Window, (session, file) =>
        {
            var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            session.System.ActorOf(ProtocolWriter.Props(session, file, options, Window, failed));
            return failed.Task;
        });
    }
}
