module lockstep/lockstep-proxy

go 1.25
