using Actors.Engine.Tests.Scenario;
using Akka.Actor;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>The fixed scenario: several files at once, with every command there is.</summary>
internal static class ScriptedFiles
{
    /// <summary>What the readers read; lines of 50 bytes.</summary>
    private static readonly byte[] Lines = [.. Enumerable.Range(0, 1400).SelectMany(LineOf)];

    /// <param name="system">Whose clients they are.</param>
    /// <param name="directory">Where they are.</param>
    /// <param name="direct">Whether the directory's file system has direct I/O.</param>
    public static IReadOnlyList<ScriptedFile> Create(ActorSystem system, string directory, bool direct)
    {
        ScriptedFile New(
            string name, OpenMode mode, byte[]? before, IReadOnlyList<FileCommand> commands,
            OpenOptions? options = null) =>
            new(system, Path.Combine(directory, name), mode, options ?? new OpenOptions())
            {
                Before = before, Commands = commands,
            };

        var gathering = new OpenOptions { Coalesce = true, Acknowledge = AcknowledgeMode.Cumulative, InFlight = 4 };
        var durable = new OpenOptions
        {
            Coalesce = false, Acknowledge = AcknowledgeMode.Each, Durability = Durability.DataSync,
        };
        List<ScriptedFile> files =
        [
            New("written", OpenMode.ReadWriteTruncate, Text.Pattern(100), Written, gathering),
            New("durable", OpenMode.CreateNew, null, Durable, durable),
            New("read", OpenMode.Read, Lines, Chunks),
            New("lines", OpenMode.Read, Lines, LineBatches),
        ];
        if (direct)
        {
            files.Add(New("direct", OpenMode.ReadWrite, null, Direct(), new OpenOptions { Direct = true }));
        }

        return files;
    }

    /// <summary>Between two groups whose order is not defined stands a command that waits for all before it.</summary>
    private static IReadOnlyList<FileCommand> Written =>
    [
        Append(1, 10), Append(2, 300), Append(3, 20_000), Append(4, 7), Append(5, 4000), Append(6, 5000),
        new Sync(SyncScope.Data, 7),
        WriteAt(8, 100, 50), WriteAt(9, 150, 30), WriteAt(10, 40_000, 200),
        new Sync(SyncScope.All, 11),
        new Truncate(35_000, 12),
        new Allocate(35_000, 10_000, 13),
        Append(14, 123),
        new StatFile(15),
        new Read(0, new byte[500], 16), new Read(20_000, new byte[1000], 17), new Read(34_000, new byte[4000], 18),
        new Close(),
    ];

    private static IReadOnlyList<FileCommand> Durable =>
        [Append(1, 10), Append(2, 9000), Append(3, 20), new Sync(SyncScope.All, 4), new StatFile(5), new Close()];

    private static IReadOnlyList<FileCommand> Chunks =>
    [
        new Read(10, new byte[100], 1), new Demand(2, DemandUnit.Chunks, 2), new Demand(5, DemandUnit.Chunks, 3),
        new ReadAll(4), new Close(),
    ];

    private static IReadOnlyList<FileCommand> LineBatches =>
        [new Demand(1, DemandUnit.Lines, 1), new Demand(9, DemandUnit.Lines, 2), new Close()];

    private static IReadOnlyList<FileCommand> Direct()
    {
        const int Block = 16 << 10;
        var memory = Enumerable.Range(0, 5).Select(_ => PinnedMemory.Allocate(Block)).ToArray();
        for (var i = 0; i < 3; i++)
        {
            Text.Pattern(Block, i).CopyTo(memory[i]);
        }

        return
        [
            new Write(memory[0], 0, 1), new Write(memory[1], Block, 2), new Write(memory[2], 2 * Block, 3),
            new Sync(SyncScope.Data, 4),
            new Read(0, memory[3], 5), new Read(2 * Block, memory[4], 6),
            new StatFile(7), new Close(),
        ];
    }

    private static Write Append(int token, int length) => new(Text.Pattern(length, token), Write.Append, token);

    private static Write WriteAt(int token, long offset, int length) => new(Text.Pattern(length, token), offset, token);

    private static byte[] LineOf(int number) => Text.Bytes($"{number,49}\n");
}
