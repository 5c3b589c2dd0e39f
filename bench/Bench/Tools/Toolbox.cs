using System.Runtime.InteropServices;
using Actors.Bench.Contests;

namespace Actors.Bench.Tools;

/// <summary>
/// What the contestants need from the machine: compilers, interpreters, the published console. Each is looked for when
/// it is first asked for.
/// </summary>
/// <param name="directory">For what is compiled and published.</param>
internal sealed class Toolbox(string directory)
{
    private static readonly string Peers = Path.Combine(AppContext.BaseDirectory, "peers");

    private readonly Dictionary<string, string> _compiled = [];
    private readonly Dictionary<string, string> _publishedHosts = [];
    private string? _aiofilesPython;

    /// <summary>The path of a peer's source.</summary>
    public static string PeerSource(string name) => Path.Combine(Peers, name);

    /// <summary>A program on the PATH.</summary>
    /// <exception cref="PeerMissingException">It is not there.</exception>
    public string Find(string program, string package) =>
        ProgramPath.Find(program)
        ?? throw new PeerMissingException($"{program} is not installed: apt-get install {package}");

    /// <summary>Compiles a peer in C.</summary>
    /// <exception cref="PeerMissingException">There is no compiler, or it refuses.</exception>
    public async Task<string> CompileAsync(string name, string[] libraries, string packages)
    {
        if (_compiled.TryGetValue(name, out var known))
        {
            return known;
        }

        var compiler = Find("cc", "gcc libc6-dev");
        Directory.CreateDirectory(directory);
        var program = Path.Combine(directory, name);
        var result = await Command.RunAsync(
            compiler, ["-O2", "-o", program, PeerSource($"c/{name}.c"), .. libraries.Select(l => $"-l{l}")]);
        if (result.ExitCode != 0)
        {
            throw new PeerMissingException(
                $"{name}.c does not compile: apt-get install {packages}. {result.LastError}");
        }

        return _compiled[name] = program;
    }

    /// <summary>A Python that has aiofiles: that of the PATH, or the system's own, where Debian's package goes.
    /// </summary>
    /// <exception cref="PeerMissingException">There is none.</exception>
    public async Task<string> PythonWithAiofilesAsync()
    {
        foreach (var python in _aiofilesPython is null ? (string[])["python3", "/usr/bin/python3"] : [])
        {
            if (ProgramPath.Find(python) is { } path
                && (await Command.RunAsync(path, ["-c", "import aiofiles"])).ExitCode == 0)
            {
                _aiofilesPython = path;
                break;
            }
        }

        return _aiofilesPython
            ?? throw new PeerMissingException("no python3 has aiofiles: apt-get install python3-aiofiles");
    }

    /// <summary>The console, published as its users get it: ReadyToRun, for this machine.</summary>
    /// <param name="build">A build of the bench in the clone that is published.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PeerMissingException">It cannot be published here.</exception>
    public async Task<string> PublishedHostAsync(string build, CancellationToken cancellation)
    {
        var root = RepositoryRoot(build);
        if (_publishedHosts.TryGetValue(root, out var known))
        {
            return known;
        }

        var project = Path.Combine(root, "src", "Host", "Host.csproj");
        var output = Path.Combine(directory, $"host-{_publishedHosts.Count}");
        // Artifacts of its own: publishing for a runtime would otherwise undo the restore of the ordinary build.
        var result = await Command.RunAsync(
            Find("dotnet", "dotnet-sdk-10.0"),
            [
                "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier,
                "--self-contained", "false", "-p:PublishReadyToRun=true", "-nodeReuse:false",
                "--artifacts-path", $"{output}-build", "-o", output,
            ],
            cancellation);
        return result.ExitCode == 0
            ? _publishedHosts[root] = Path.Combine(output, "actors")
            : throw new PeerMissingException($"dotnet publish of src/Host failed: {result.LastError}");
    }

    private static string RepositoryRoot(string build)
    {
        for (var folder = new DirectoryInfo(build); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new PeerMissingException("the bench does not run from a clone, so there is no src/Host to publish");
    }
}
