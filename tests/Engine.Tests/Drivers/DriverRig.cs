using System.Diagnostics;
using System.Runtime.InteropServices;
using Actors.Engine.Drivers;
using Actors.Engine.Memory;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>
/// A driver with a directory, memory, and a sink that counts completions. Each test ends with what holds for every
/// driver: what was submitted came back, once, and nothing is in flight.
/// </summary>
internal sealed unsafe class DriverRig : ICompletionSink, IDisposable
{
    private const int MemorySize = 1 << 20;

    private readonly DriverFixture _fixture;
    private readonly List<IDisposable> _files = [];
    private readonly byte* _memory;

    private DriverRig(DriverFixture fixture, int depth)
    {
        _fixture = fixture;
        Driver = fixture.Create(depth);
        Directory = System.IO.Directory.CreateTempSubdirectory("actors-driver-").FullName;
        _memory = (byte*)NativeMemory.AlignedAlloc(MemorySize, SlabPool.Alignment);
        new Span<byte>(_memory, MemorySize).Clear();
    }

    public IDriver Driver { get; }

    public DriverFixture Fixture => _fixture;

    public string Directory { get; }

    /// <summary>Submissions that were taken, and completions that came.</summary>
    public int Submitted { get; private set; }

    public int Completed { get; private set; }

    /// <summary>Called with each completion, after it was counted.</summary>
    public Action<IoOperation>? OnCompletion { get; set; }

    /// <summary>Memory of this rig, aligned to a page at 0.</summary>
    public byte* At(int offset) => _memory + offset;

    public Span<byte> Bytes(int offset, int length) => new(_memory + offset, length);

    public string PathOf(string name) => Path.Combine(Directory, name);

    /// <summary>Opens a file in the way that the driver knows its files.</summary>
    public FileHandle Open(string path, FileMode mode = FileMode.OpenOrCreate, FileAccess access = FileAccess.ReadWrite)
    {
        var handle = File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);
        _files.Add(handle);
        var file = _fixture.Portable ? new FileHandle(handle) : new FileHandle((int)handle.DangerousGetHandle());
        file.IsCached = true;
        file.WritesNeedWorker = true;
        return file;
    }

    /// <summary>Closes the descriptor when the rig goes.</summary>
    public FileHandle Adopt(int descriptor)
    {
        _files.Add(new SafeFileHandle(descriptor, ownsHandle: true));
        return new FileHandle(descriptor);
    }

    public FileHandle NewFile(string name, ReadOnlySpan<byte> content = default)
    {
        File.WriteAllBytes(PathOf(name), content);
        return Open(PathOf(name));
    }

    public IoOperation Transfer(IoKind kind, FileHandle file, int memoryOffset, int length, long offset = 0) => new()
    {
        Kind = kind,
        File = file,
        Buffer = _memory + memoryOffset,
        Length = length,
        Offset = offset,
    };

    /// <summary>Submits; an operation that is done at once counts as completed.</summary>
    public SubmitResult Submit(IoOperation operation)
    {
        var result = Driver.TrySubmit(operation);
        if (result != SubmitResult.Busy)
        {
            Submitted++;
        }

        if (result == SubmitResult.Completed)
        {
            Complete(operation);
        }

        return result;
    }

    public void Complete(IoOperation operation)
    {
        Completed++;
        OnCompletion?.Invoke(operation);
    }

    /// <summary>Until all that was submitted is back. The driver's own wait must end it.</summary>
    public void AwaitAll() => AwaitUntil(() => Completed >= Submitted);

    public void AwaitUntil(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        Driver.Flush();
        Driver.Reap(this);
        while (!condition())
        {
            Assert.True(watch.Elapsed < ShardThread.Deadline, $"{Completed} of {Submitted} completions came.");
            Driver.Wait(-1);
            Driver.Reap(this);
        }
    }

    /// <summary>Submits it and waits for it alone.</summary>
    /// <returns>Its result, as the kernel gave it.</returns>
    public long Perform(IoOperation operation)
    {
        var before = OnCompletion;
        var back = false;
        OnCompletion = completed =>
        {
            Assert.Same(operation, completed);
            Assert.False(back, "An operation came back twice.");
            back = true;
        };
        Assert.NotEqual(SubmitResult.Busy, Submit(operation));
        AwaitUntil(() => back);
        OnCompletion = before;
        return operation.Result;
    }

    /// <summary>Waits for what is in flight, frees the memory, closes and removes the files.</summary>
    public void Dispose()
    {
        Driver.Dispose();
        NativeMemory.AlignedFree(_memory);
        _files.ForEach(file => file.Dispose());
        Scenario.TestFolder.Delete(Directory);
    }

    /// <summary>Runs a test on a thread of its own.</summary>
    /// <param name="fixture">A name of <see cref="DriverFixtures.Names"/>.</param>
    /// <param name="test">The body.</param>
    /// <param name="depth">The driver's.</param>
    /// <param name="leavesInFlight">The test ends with operations in flight on purpose.</param>
    public static void Run(string fixture, Action<DriverRig> test, int depth = 64, bool leavesInFlight = false)
    {
        var chosen = DriverFixtures.Get(fixture);
        ShardThread.Run(() =>
        {
            using var rig = new DriverRig(chosen, depth);
            test(rig);
            if (!leavesInFlight)
            {
                Assert.Equal(0, rig.Driver.Reap(rig));
                Assert.Equal(0, rig.Driver.InFlight);
                Assert.Equal(rig.Submitted, rig.Completed);
            }
        });
    }
}
