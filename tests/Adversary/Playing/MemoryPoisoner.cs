using System.Buffers;

namespace Actors.Adversary.Playing;

/// <summary>Somebody else in this process who uses memory: rents arrays of the shared pool, fills them, gives them back.
/// What the engine gave back too early is filled with what is nobody's.</summary>
internal sealed class MemoryPoisoner : IAsyncDisposable
{
    private const byte Poison = 0xDB;
    private static readonly int[] Sizes = [4096, 8192, 16384, 32768, 65536, 131072, 262144];

    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    private MemoryPoisoner() => _running = Task.Run(RunAsync);

    public static MemoryPoisoner Begin() => new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(15));
        var rented = new byte[Sizes.Length][];
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                for (var i = 0; i < Sizes.Length; i++)
                {
                    rented[i] = ArrayPool<byte>.Shared.Rent(Sizes[i]);
                    rented[i].AsSpan().Fill(Poison);
                }

                foreach (var array in rented)
                {
                    ArrayPool<byte>.Shared.Return(array);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
