using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Peers;
using Actors.Engine;

namespace Actors.Bench.Ours;

/// <summary>What a program does that knows the engine by its async face: an engine of its own, no actor in
/// sight.</summary>
/// <param name="backend">The backend, or auto.</param>
/// <param name="create">Makes the peer-like work with the engine.</param>
internal sealed class FaceRunner(string backend, Func<FileEngine, PeerRunner> create) : IWarmRunner
{
    private readonly FileEngine _engine = Start(backend);
    private PeerRunner? _work;

    /// <summary>An engine with the defaults on a backend; Linux AIO is let have buffered files, which the article gave
    /// it.</summary>
    public static FileEngine Start(string backend) => FileEngine.Start(new FileEngineOptions
    {
        BackendName = backend,
        Hocon = "actors.engine.backend.linux-aio.allow-buffered = on",
    });

    public Task<Measurement> RunAsync(string directory) => (_work ??= create(_engine)).RunAsync(directory);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
