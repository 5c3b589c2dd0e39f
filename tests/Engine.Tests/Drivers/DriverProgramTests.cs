using Actors.Engine.Drivers;
using Xunit;
using Xunit.Abstractions;

namespace Actors.Engine.Tests.Drivers;

/// <summary>
/// Random programs against a model: blocks of a few files are written, read, synced and cancelled in any order, with
/// flushes, waits and wake-ups in between. Each operation comes back once, each read sees the last write of its block.
/// ACTORS_TEST_SEED repeats a run.
/// </summary>
public sealed class DriverProgramTests(ITestOutputHelper output)
{
    private const int BlockSize = 512;
    private const int Files = 4;
    private const int BlocksPerFile = 32;
    private const int Steps = 5000;

    public static TheoryData<string> Drivers => DriverFixtures.Names;

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void No_completion_is_lost_or_doubled(string driver)
    {
        var given = Environment.GetEnvironmentVariable("ACTORS_TEST_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given);
        output.WriteLine($"seed {seed}");
        using var stop = new CancellationTokenSource();
        DriverRig.Run(driver, depth: 48, test: rig =>
        {
            var waker = WakeNowAndThen(rig.Driver, seed, stop.Token);
            try
            {
                new Program(rig, seed).Run();
            }
            catch (Exception e) when (e is not SkipException)
            {
                throw new Xunit.Sdk.XunitException($"seed {seed}: {e}");
            }
            finally
            {
                stop.Cancel();
                waker.Join();
            }
        });
    }

    private static Thread WakeNowAndThen(IDriver driver, int seed, CancellationToken stop)
    {
        var thread = new Thread(() =>
        {
            var random = new Random(seed ^ 1);
            while (!stop.IsCancellationRequested)
            {
                Thread.SpinWait(random.Next(20_000));
                driver.Wake();
            }
        });
        thread.Start();
        return thread;
    }

    /// <summary>A block of a file and its place in memory; at most one operation at a time has it.</summary>
    private sealed class Block(FileHandle file, int memory, long offset, IoOperation operation)
    {
        public FileHandle File { get; } = file;

        public int Memory { get; } = memory;

        public long Offset { get; } = offset;

        public IoOperation Operation { get; } = operation;

        /// <summary>What the file holds there.</summary>
        public byte Value { get; set; }

        /// <summary>What a write in flight puts there.</summary>
        public byte Next { get; set; }

        public bool InFlight { get; set; }
    }

    private sealed class Program
    {
        private readonly DriverRig _rig;
        private readonly Random _random;
        private readonly List<Block> _blocks = [];
        private int _outstanding;

        public Program(DriverRig rig, int seed)
        {
            _rig = rig;
            _random = new Random(seed);
            rig.OnCompletion = Check;
            for (var f = 0; f < Files; f++)
            {
                var file = rig.NewFile($"file{f}", new byte[BlocksPerFile * BlockSize]);
                for (var b = 0; b < BlocksPerFile; b++)
                {
                    var memory = (f * BlocksPerFile + b) * BlockSize;
                    var operation = rig.Transfer(IoKind.Read, file, memory, BlockSize, b * BlockSize);
                    var block = new Block(file, memory, b * BlockSize, operation);
                    operation.State = block;
                    _blocks.Add(block);
                }
            }
        }

        public void Run()
        {
            for (var step = 0; step < Steps; step++)
            {
                Step();
            }

            _rig.AwaitAll();
            Assert.Equal(0, _outstanding);
            foreach (var block in _blocks)
            {
                block.Operation.Kind = IoKind.Read;
                Start(block);
                _rig.AwaitAll();
            }
        }

        private void Step()
        {
            switch (_random.Next(20))
            {
                case < 12:
                    var block = _blocks[_random.Next(_blocks.Count)];
                    if (!block.InFlight)
                    {
                        block.Operation.Kind = _random.Next(10) switch
                        {
                            < 5 => IoKind.Write,
                            < 9 => IoKind.Read,
                            _ => _random.Next(20) == 0 ? IoKind.Sync : IoKind.DataSync,
                        };
                        Start(block);
                    }

                    break;
                case < 14:
                    _rig.Driver.Flush();
                    break;
                case < 17:
                    _rig.Driver.Reap(_rig);
                    break;
                case < 18:
                    var candidate = _blocks[_random.Next(_blocks.Count)];
                    if (_rig.Driver.TryCancel(candidate.Operation))
                    {
                        Assert.True(candidate.InFlight, "Cancelled what was not in flight.");
                        candidate.Operation.CancelRequested = true;
                    }

                    break;
                case < 19:
                    _rig.Driver.Wait(_random.Next(2));
                    break;
                default:
                    if (_outstanding > 0)
                    {
                        var before = _rig.Completed;
                        _rig.AwaitUntil(() => _rig.Completed > before);
                    }

                    break;
            }
        }

        private void Start(Block block)
        {
            var operation = block.Operation;
            operation.Done = 0;
            operation.Retries = 0;
            operation.CancelRequested = false;
            operation.Length = operation.Kind <= IoKind.Write ? BlockSize : 0;
            block.Next = operation.Kind == IoKind.Write ? (byte)_random.Next(256) : block.Value;
            _rig.Bytes(block.Memory, BlockSize).Fill(operation.Kind == IoKind.Write ? block.Next : (byte)~block.Value);
            block.InFlight = true;
            _outstanding++;
            if (_rig.Submit(operation) == SubmitResult.Busy)
            {
                Assert.Equal(_rig.Driver.Depth, _rig.Driver.InFlight);
                block.InFlight = false;
                _outstanding--;
            }
        }

        private void Check(IoOperation operation)
        {
            var block = (Block)operation.State!;
            Assert.True(block.InFlight, "An operation came back that was not in flight.");
            block.InFlight = false;
            _outstanding--;
            if (operation.Result == -Errno.ECANCELED)
            {
                Assert.True(operation.CancelRequested);
                return;
            }

            Assert.Equal(operation.Length, operation.Result);
            if (operation.Kind == IoKind.Read)
            {
                Assert.True(
                    _rig.Bytes(block.Memory, BlockSize).IndexOfAnyExcept(block.Value) < 0,
                    $"block at {block.Offset} is not {block.Value} throughout");
            }

            block.Value = block.Next;
        }
    }
}
