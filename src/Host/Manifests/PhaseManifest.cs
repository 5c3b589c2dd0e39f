using Actors.Host.Scenarios;

namespace Actors.Host.Manifests;

/// <summary>One phase of one backend.</summary>
/// <param name="State">How far it got.</param>
/// <param name="Phase">What it does; from it follows what the files hold.</param>
internal sealed record PhaseManifest(RunState State, PhaseSettings Phase);
